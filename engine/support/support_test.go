package support

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	apirequest "k8s.io/apiserver/pkg/endpoints/request"

	"kubesolo-os/engine/config"
)

func TestAnswers(t *testing.T) {
	if err := os.MkdirAll(config.RunDirectory, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, method, script string
		status               int
		body                 string
	}{
		{"gives the archive", "GET", "printf archive >$2", 200, "archive"},
		{"tells why there is none", "GET", "echo one >&2; echo 'the disk is gone' >&2; exit 1", 500, "support: exit status 1: the disk is gone\n"},
		{"takes no other method", "POST", "", 405, "GET it\n"},
		{"says that the system makes none", "GET", "-", 404, "this system has no PROGRAM, which makes it\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "agent")
			if c.script != "-" {
				script := "#!/bin/sh\n" + c.script + "\n"
				if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			answer := httptest.NewRecorder()
			(&handler{agent: program}).ServeHTTP(answer, httptest.NewRequest(c.method, config.SupportPath, nil))
			want := c.body
			if c.status == 500 {
				want = program + " " + want
			}
			if c.status == 404 {
				want = "this system has no " + program + ", which makes it\n"
			}
			if got := answer.Body.String(); answer.Code != c.status || got != want {
				t.Errorf("got %d, %q", answer.Code, got)
			}
			if left, _ := filepath.Glob(config.RunDirectory + "/support-*"); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestOneAtATime(t *testing.T) {
	h := &handler{agent: "agent"}
	h.one.Lock()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequest("GET", config.SupportPath, nil))
	if answer.Code != http.StatusTooManyRequests {
		t.Errorf("got %d", answer.Code)
	}
}

func TestLongRunning(t *testing.T) {
	check := LongRunning(func(_ *http.Request, info *apirequest.RequestInfo) bool { return info.Verb == "watch" })
	for _, c := range []struct {
		path, verb string
		want       bool
	}{{config.SupportPath, "get", true}, {"/api/v1/pods", "watch", true}, {"/version", "get", false}} {
		if got := check(nil, &apirequest.RequestInfo{Path: c.path, Verb: c.verb}); got != c.want {
			t.Errorf("%s %s: %v", c.verb, c.path, got)
		}
	}
}
