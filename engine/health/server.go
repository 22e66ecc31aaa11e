package health

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kubesolo-os/engine/logs"
)

// Serve answers at a unix socket, as long as the process lives. A socket that an earlier run left is
// removed.
//
//	GET /healthz  200: the process answers
//	GET /readyz   200 when the node is ready, 503 when it is not; a Report as text, or as JSON with
//	              ?format=json or "Accept: application/json"
func Serve(socket string, engine *Engine) error {
	if err := os.MkdirAll(filepath.Dir(socket), 0o755); err != nil {
		return err
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		return err
	}
	server := &http.Server{Handler: handler(engine), ReadHeaderTimeout: 10 * time.Second}
	go func() { logs.Line("engine", "nobody can ask for its health any more: %v", server.Serve(listener)) }()
	return nil
}

func handler(engine *Engine) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	routes.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		format := chooseFormat(r.URL.Query().Get("format"), r.Header.Get("Accept"))
		if format == "" {
			http.Error(w, `the format is "text" or "json"`, http.StatusBadRequest)
			return
		}
		answer(w, engine.Report(r.Context()), format)
	})
	return routes
}

func answer(w http.ResponseWriter, report Report, format string) {
	status := http.StatusServiceUnavailable
	if report.Ready {
		status = http.StatusOK
	}
	if format == "json" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(report) // whoever asked has gone when this fails
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprint(w, report.Text())
}

// chooseFormat is "text", "json", or "" for a wish that can't be met. Pure.
func chooseFormat(asked, accept string) string {
	switch {
	case asked == "text" || asked == "json":
		return asked
	case asked != "":
		return ""
	case strings.Contains(accept, "application/json"):
		return "json"
	}
	return "text"
}
