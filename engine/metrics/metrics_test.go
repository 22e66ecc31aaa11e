package metrics

import (
	"context"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"kubesolo-os/engine/health"
	"kubesolo-os/engine/lifecycle"
)

func ownOf(t *testing.T, report health.Report) Own {
	database := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(database, make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	return Own{Version: "1.2", Commit: "abc", Kubernetes: "v1", Database: database,
		Report: func(context.Context) health.Report { return report }}
}

func TestScrape(t *testing.T) {
	own := ownOf(t, health.Report{Units: []lifecycle.State{
		{Name: "kine", Phase: lifecycle.Ready, Seconds: 0.25},
		{Name: "kubelet", Phase: lifecycle.Failing, Seconds: 2, Reason: "no heartbeat"},
		{Name: "proxy", Phase: lifecycle.Waiting},
	}})
	first, second := prometheus.NewRegistry(), prometheus.NewRegistry()
	for value, registry := range map[float64]*prometheus.Registry{1: first, 2: second} {
		gauge := prometheus.NewGauge(prometheus.GaugeOpts{Name: "in_both"})
		gauge.Set(value)
		registry.MustRegister(gauge)
	}
	recorder := httptest.NewRecorder()
	handler(own, []prometheus.Gatherer{first, second}).ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	body, _ := io.ReadAll(recorder.Body)
	text := string(body)
	for _, line := range []string{
		`kubesolo_build_info{commit="abc",kubernetes="v1",version="1.2"} 1`,
		`kubesolo_ready 0`,
		`kubesolo_unit_ready{unit="kine"} 1`,
		`kubesolo_unit_ready{unit="kubelet"} 0`,
		`kubesolo_unit_start_seconds{unit="kine"} 0.25`,
		`kubesolo_unit_start_seconds{unit="kubelet"} 2`,
		`kubesolo_database_size_bytes{file="database"} 4096`,
		`in_both 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
	for _, part := range []string{`unit_start_seconds{unit="proxy"}`, "in_both 2", `file="wal"`} {
		if strings.Contains(text, part) {
			t.Errorf("%q should not be there", part)
		}
	}
}

func TestAnAddressThatIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = Serve(taken.Addr().String(), Own{})
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()+" is taken") {
		t.Errorf("got %v", err)
	}
}
