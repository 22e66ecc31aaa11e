// Package support gives out what the system around the engine collects for people who help: an archive that its agent
// makes. It is asked for through the API server, and needs nothing else of Kubernetes: neither a Ready node nor a pod,
// which a webhook could refuse, nor a database that takes writes.
package support

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	apirequest "k8s.io/apiserver/pkg/endpoints/request"

	"kubesolo-os/engine/config"
)

const limit = 5 * time.Minute // of one collection; a small machine that is busy takes one

// Paths is where the API server looks handlers up.
type Paths interface {
	Handle(path string, handler http.Handler)
}

// Install has the API server answer at config.SupportPath. Who may ask is RBAC's to say; without a rule, administrators.
func Install(paths Paths) {
	paths.Handle(config.SupportPath, &handler{agent: config.SystemAgent})
}

// LongRunning exempts it from the minute that the API server gives to a request.
func LongRunning(others apirequest.LongRunningRequestCheck) apirequest.LongRunningRequestCheck {
	return func(r *http.Request, info *apirequest.RequestInfo) bool {
		return info.Path == config.SupportPath || others(r, info)
	}
}

type handler struct {
	agent string // a program's name
	one   sync.Mutex
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		http.Error(w, "GET it", http.StatusMethodNotAllowed)
		return
	}
	if !h.one.TryLock() {
		http.Error(w, "one is being made; ask again in a minute", http.StatusTooManyRequests)
		return
	}
	defer h.one.Unlock()
	program, err := exec.LookPath(h.agent)
	if err != nil {
		http.Error(w, "this system has no "+h.agent+", which makes it", http.StatusNotFound)
		return
	}
	archive, err := collect(r.Context(), program)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/gzip")
	w.Write(archive)
}

// collect has the agent make an archive, in memory, and takes it away.
func collect(ctx context.Context, program string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	folder, err := os.MkdirTemp(config.RunDirectory, "support-")
	if err != nil {
		return nil, fmt.Errorf("no room for it: %w", err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "support.tar.gz")
	agent := exec.CommandContext(ctx, program, "support", file)
	var said bytes.Buffer
	agent.Stderr = &said
	if err := agent.Run(); err != nil {
		return nil, fmt.Errorf("%s support: %w: %s", program, err, lastLine(said.String()))
	}
	return os.ReadFile(file)
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
