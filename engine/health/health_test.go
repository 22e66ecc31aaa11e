package health

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kubesolo-os/engine/lifecycle"
)

func TestSummarize(t *testing.T) {
	state := func(phase lifecycle.Phase) lifecycle.State { return lifecycle.State{Name: string(phase), Phase: phase} }
	tests := []struct {
		name    string
		phases  []lifecycle.Phase
		ready   bool
		summary string
	}{
		{"all are ready", []lifecycle.Phase{lifecycle.Ready, lifecycle.Ready}, true, "ready"},
		{"some are on their way", []lifecycle.Phase{lifecycle.Ready, lifecycle.Starting, lifecycle.Waiting}, false, "not ready yet: 2 of 3"},
		{"one was ready", []lifecycle.Phase{lifecycle.Ready, lifecycle.Failing}, false, "not ready any more: failing"},
		{"one has failed", []lifecycle.Phase{lifecycle.Failed}, false, "not ready yet: 1 of 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var states []lifecycle.State
			for _, phase := range test.phases {
				states = append(states, state(phase))
			}
			if ready, summary := Summarize(states); ready != test.ready || summary != test.summary {
				t.Errorf("got %v, %q", ready, summary)
			}
		})
	}
}

func TestText(t *testing.T) {
	report := Report{Summary: "not ready yet: 1 of 2", Version: "1.0", Uptime: 75.5, Units: []lifecycle.State{
		{Name: "kine", Phase: lifecycle.Ready, Seconds: 0.123},
		{Name: "apiserver", Phase: lifecycle.Starting, Seconds: 2, Reason: "no\nanswer"},
	}}
	want := `not ready yet: 1 of 2 (kubesolo 1.0, up 1m15s)

UNIT       STATE     SECONDS  REASON
kine       ready     0.1
apiserver  starting  2.0      no answer
`
	if got := report.Text(); got != want {
		t.Errorf("got:\n%s", got)
	}
}

func TestChooseFormat(t *testing.T) {
	tests := []struct{ name, asked, accept, want string }{
		{"people read text", "", "*/*", "text"},
		{"programs say what they accept", "", "application/json, */*", "json"},
		{"a wish beats the header", "text", "application/json", "text"},
		{"a wish for JSON", "json", "", "json"},
		{"a format that isn't there", "xml", "", ""},
	}
	for _, test := range tests {
		if got := chooseFormat(test.asked, test.accept); got != test.want {
			t.Errorf("%s: got %q", test.name, got)
		}
	}
}

// A real group behind a real socket: it gets ready, and stops being so while it runs.
func TestTheAnswerStaysTrue(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "run", "health.sock")
	engine := NewEngine("test", time.Now())
	if err := Serve(socket, engine); err != nil {
		t.Fatal(err)
	}
	expect(t, socket, 503, "not ready: preparing")

	var broken atomic.Bool
	group, err := lifecycle.New([]lifecycle.Unit{{Name: "api", StopWithin: time.Second,
		Run: func(ctx context.Context) error { <-ctx.Done(); return nil },
		Ready: func(context.Context) error {
			if broken.Load() {
				return errors.New("etcd failed")
			}
			return nil
		}}})
	if err != nil {
		t.Fatal(err)
	}
	engine.Runs(group)
	expect(t, socket, 503, "not ready yet: 1 of 1")

	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan struct{}), make(chan error)
	go func() {
		done <- group.Run(ctx, lifecycle.Options{StartupTimeout: time.Minute, OnStop: func() {},
			OnReady: func([]lifecycle.Timing) { close(ready) }})
	}()
	<-ready
	expect(t, socket, 200, "ready (kubesolo test")
	broken.Store(true)
	expect(t, socket, 503, "etcd failed")
	broken.Store(false)
	expect(t, socket, 200, "ready")

	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCommand(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "health.sock")
	ask := func(args ...string) (string, error) {
		var out bytes.Buffer
		ready, err := Command(context.Background(), socket, args, &out)
		if ready {
			t.Error("ready without any unit")
		}
		return out.String(), err
	}
	if _, err := ask(); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without an engine: %v", err)
	}
	engine := NewEngine("test", time.Now())
	if err := Serve(socket, engine); err != nil {
		t.Fatal(err)
	}
	if _, err := ask("--yaml"); !errors.Is(err, ErrUsage) {
		t.Errorf("a wrong flag: %v", err)
	}
	if text, err := ask(); err != nil || !strings.HasPrefix(text, "not ready: preparing") {
		t.Errorf("got %q, %v", text, err)
	}
	text, err := ask("--json")
	var report Report
	if err != nil || json.Unmarshal([]byte(text), &report) != nil || report.Version != "test" {
		t.Errorf("got %q, %v", text, err)
	}
}

func expect(t *testing.T, socket string, status int, text string) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, Dial: func(_, _ string) (net.Conn, error) { return net.Dial("unix", socket) }}}
	response, err := client.Get("http://engine/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != status || !strings.Contains(string(body), text) {
		t.Errorf("want %d and %q, got %d and %q", status, text, response.StatusCode, body)
	}
}
