package components

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/drivers/sqlite"
	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/logstructured/sqllog"
	"github.com/k3s-io/kine/pkg/metrics"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apiserver/pkg/storage/storagebackend"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/datastore"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
)

// With synchronous=FULL, a write that was acknowledged survives a power cut; in WAL mode, NORMAL would lose
// the last ones. The same twice, in kine's words, for when it makes the tables, and in the driver's.
const (
	databaseOptions   = "_journal_mode=WAL&_busy_timeout=30000&_synchronous=FULL&_txlock=immediate"
	connectionOptions = "_pragma=journal_mode(WAL)&_pragma=busy_timeout(30000)&_pragma=synchronous(FULL)&_txlock=immediate"
)

const (
	emulatedEtcd   = "3.6.4" // new enough for all of the API server's optional features
	notifyInterval = 5 * time.Second
	// What changed is known for so long, and for twice that at most, as with etcd.
	history = storagebackend.DefaultCompactInterval
	// The newest revision is read from its row, which a deletion has, too.
	kept = 1
)

func kineUnit(c config.Config, store *bridge) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       kine,
		Run:        func(ctx context.Context) error { return runKine(ctx, c, store) },
		Ready:      store.checkReady,
		StopWithin: 2 * time.Second,
	}
}

// runKine serves etcd's protocol from SQLite. It doesn't use kine/pkg/endpoint, which would link in
// the drivers of all other databases.
func runKine(ctx context.Context, c config.Config, store *bridge) error {
	if err := os.MkdirAll(filepath.Dir(c.DatabaseFile()), 0o700); err != nil {
		return err
	}
	state, err := datastore.Check(ctx, c.DatabaseFile())
	if err != nil {
		return err
	}
	prometheus.MustRegister(metrics.SQLTotal, metrics.SQLTime, metrics.CompactTotal, metrics.InsertErrorsTotal)
	var background sync.WaitGroup
	settings := kineConfiguration(c, state)
	_, tables, err := sqlite.NewVariant(ctx, &background, "sqlite3", settings)
	if err != nil {
		return fmt.Errorf("cannot open %s: %w", c.DatabaseFile(), err)
	}
	if err := useConnections(ctx, &background, tables, c.DatabaseFile()); err != nil {
		return fmt.Errorf("cannot open %s: %w", c.DatabaseFile(), err)
	}
	if err := datastore.KeepOnce(tables); err != nil {
		return err
	}
	roomy := datastore.Roomy{Dialect: tables, File: c.DatabaseFile()}
	shrinking := datastore.Shrinking{Dialect: roomy, DB: tables.DB, File: c.DatabaseFile()}
	log := sqllog.New(datastore.Telling{Dialect: shrinking, Tell: store.tellCompacted}, &background, settings)
	truthful := &datastore.Current{Log: datastore.Truthful{Log: log}}
	backend := logstructured.New(&datastore.Aged{Log: truthful, Now: time.Now})
	guard := datastore.NewGuard(backend, c.DatabaseFile(), func(format string, args ...any) { logs.Line(kine, format, args...) })
	if err := guard.Start(ctx); err != nil {
		return fmt.Errorf("cannot start on %s: %w", c.DatabaseFile(), err)
	}
	if err := renameNode(ctx, c, guard); err != nil {
		return err
	}
	if err := moveServices(ctx, c, guard); err != nil {
		return err
	}
	store.open(guard)
	select {
	case err = <-guard.Broken():
	case <-ctx.Done():
		background.Wait()
	}
	return err
}

// kineConfiguration has a file shrink later that is made or rewritten now. That is in the file, and would be written to it
// again by each connection.
func kineConfiguration(c config.Config, state datastore.State) *drivers.Config {
	options := databaseOptions
	if state.IsNew || state.WorthRewriting {
		options += "&_auto_vacuum=INCREMENTAL"
	}
	if !state.WorthRewriting {
		options += "&_kine_disable_startup_vacuum=true"
	}
	return &drivers.Config{
		DataSourceName:   datastore.KineLocation(c.DatabaseFile(), options),
		PollInterval:     time.Second,
		PollBatchSize:    500,
		CompactInterval:  history,
		CompactTimeout:   5 * time.Second,
		CompactMinRetain: kept,
		CompactBatchSize: 1000,
	}
}
