// Package metrics serves what Prometheus scrapes: the metrics of all components, which share one
// registry because they share one process, and a few of the engine's own.
package metrics

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"kubesolo-os/engine/logs"
)

const scrapesAtOnce = 2 // one takes some megabytes while it lasts

// Serve answers GET /metrics at address, "127.0.0.1:9105", as long as the process lives.
func Serve(address string, own Own, components ...prometheus.Gatherer) error {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("cannot serve metrics: %s is taken; free it, pass another --metrics-bind-address, or --no-metrics-server", address)
	}
	if err != nil {
		return fmt.Errorf("cannot serve metrics: %w", err)
	}
	server := &http.Server{Handler: handler(own, components), ReadHeaderTimeout: 10 * time.Second}
	go func() { logs.Line("metrics", "not served any more: %v", server.Serve(listener)) }()
	return nil
}

func handler(own Own, components []prometheus.Gatherer) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(own)
	all := firstOfEach(append([]prometheus.Gatherer{registry}, components...))
	options := promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: scrapesAtOnce}
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", promhttp.HandlerFor(all, options))
	return routes
}

// firstOfEach takes each metric from the first registry that has it. There is more than one registry,
// because components and libraries have their own, and each describes the process and Go once again.
type firstOfEach []prometheus.Gatherer

func (all firstOfEach) Gather() ([]*dto.MetricFamily, error) {
	var families []*dto.MetricFamily
	var failures []error
	seen := map[string]bool{}
	for _, registry := range all {
		found, err := registry.Gather()
		failures = append(failures, err)
		for _, family := range found {
			if !seen[family.GetName()] {
				seen[family.GetName()] = true
				families = append(families, family)
			}
		}
	}
	return families, errors.Join(failures...)
}
