package metrics

import (
	"context"
	"errors"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"kubesolo-os/engine/health"
	"kubesolo-os/engine/lifecycle"
)

// Own is what the engine says about itself.
type Own struct {
	Version, Commit, Kubernetes string
	Database                    string // the SQLite file
	Report                      func(context.Context) health.Report
}

var (
	ready = prometheus.NewDesc("kubesolo_ready",
		"1 when the API server, the node and all else are ready, asked at this moment; otherwise 0.", nil, nil)
	unitReady = prometheus.NewDesc("kubesolo_unit_ready",
		"1 when this part of the engine is ready, asked at this moment; otherwise 0.", []string{"unit"}, nil)
	unitStart = prometheus.NewDesc("kubesolo_unit_start_seconds",
		"How long this part of the engine took from its own start until it was ready.", []string{"unit"}, nil)
	buildInfo = prometheus.NewDesc("kubesolo_build_info",
		"Always 1; the labels say which engine this is.", []string{"version", "commit", "kubernetes"}, nil)
	databaseSize = prometheus.NewDesc("kubesolo_database_size_bytes",
		"Size of the database's files.", []string{"file"}, nil)
)

func (o Own) Describe(descriptions chan<- *prometheus.Desc) {
	for _, each := range []*prometheus.Desc{ready, unitReady, unitStart, buildInfo, databaseSize} {
		descriptions <- each
	}
}

func (o Own) Collect(found chan<- prometheus.Metric) {
	gauge := func(what *prometheus.Desc, value float64, labels ...string) {
		found <- prometheus.MustNewConstMetric(what, prometheus.GaugeValue, value, labels...)
	}
	gauge(buildInfo, 1, o.Version, o.Commit, o.Kubernetes)
	report := o.Report(context.Background()) // each question has its own bound
	gauge(ready, number(report.Ready))
	for _, unit := range report.Units {
		gauge(unitReady, number(unit.Phase == lifecycle.Ready), unit.Name)
		if unit.Phase == lifecycle.Ready || unit.Phase == lifecycle.Failing {
			gauge(unitStart, unit.Seconds, unit.Name)
		}
	}
	for label, file := range map[string]string{"database": o.Database, "wal": o.Database + "-wal"} {
		status, err := os.Stat(file)
		switch {
		case err == nil:
			gauge(databaseSize, float64(status.Size()), label)
		case !errors.Is(err, os.ErrNotExist): // the write-ahead log comes and goes
			found <- prometheus.NewInvalidMetric(databaseSize, err)
		}
	}
}

func number(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
