package metrics

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"kubesolo-os/engine/health"
)

func TestTextfiles(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"a-broken.prom":  "kubesolo_os_half 1\nkubesolo_os_info{version=",
		"b-large.prom":   "large 1\n" + strings.Repeat("#", textfileLimit),
		"update.prom":    "# TYPE kubesolo_os_info gauge\nkubesolo_os_info{version=\"1.1.0\"} 1\nkubesolo_ready 7\n",
		"z-another.prom": "another 1\n",
		"notes.txt":      "no_metric 1\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "c-folder.prom"), 0o755); err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	handler(ownOf(t, health.Report{}), []prometheus.Gatherer{Textfiles(folder)}).ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	text := recorder.Body.String()
	if recorder.Code != 200 {
		t.Errorf("status %d", recorder.Code)
	}
	for _, line := range []string{`kubesolo_os_info{version="1.1.0"} 1`, `another 1`, `kubesolo_ready 0`} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
	for _, part := range []string{"kubesolo_os_half", "large", "no_metric", "kubesolo_ready 7"} {
		if strings.Contains(text, part) {
			t.Errorf("%q should not be there", part)
		}
	}
}

func TestNoTextfiles(t *testing.T) {
	families, err := Textfiles(filepath.Join(t.TempDir(), "none")).Gather()
	if len(families) > 0 || err != nil {
		t.Errorf("got %v, %v", families, err)
	}
}
