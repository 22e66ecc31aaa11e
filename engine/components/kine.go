package components

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/drivers/sqlite"
	"github.com/k3s-io/kine/pkg/server"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
)

// databaseOptions: with synchronous=FULL, a write that was acknowledged survives a power cut; in WAL
// mode, NORMAL would lose the last ones.
const databaseOptions = "?_journal_mode=WAL&_busy_timeout=30000&_synchronous=FULL&_txlock=immediate&_stmt_cache_size=20"

const (
	emulatedEtcd   = "3.6.4" // new enough for all of the API server's optional features
	notifyInterval = 5 * time.Second
)

func kineUnit(c config.Config, store *storage) lifecycle.Unit {
	return lifecycle.Unit{
		Name: kine,
		Run:  func(ctx context.Context) error { return runKine(ctx, c, store) },
		Ready: func(context.Context) error {
			if store.bridge.Load() == nil {
				return errors.New("the database is not open yet")
			}
			return nil
		},
		StopWithin: 2 * time.Second,
	}
}

// runKine serves etcd's protocol from SQLite. It doesn't use kine/pkg/endpoint, which would link in
// the drivers of all other databases.
func runKine(ctx context.Context, c config.Config, store *storage) error {
	if err := os.MkdirAll(filepath.Dir(c.DatabaseFile()), 0o700); err != nil {
		return err
	}
	var background sync.WaitGroup
	_, backend, err := sqlite.New(ctx, &background, &drivers.Config{
		DataSourceName:   c.DatabaseFile() + databaseOptions,
		PollInterval:     time.Second,
		PollBatchSize:    500,
		CompactInterval:  5 * time.Minute,
		CompactTimeout:   5 * time.Second,
		CompactMinRetain: 1000,
		CompactBatchSize: 1000,
	})
	if err != nil {
		return fmt.Errorf("cannot open %s: %w", c.DatabaseFile(), err)
	}
	if err := backend.Start(ctx); err != nil {
		return fmt.Errorf("cannot start on %s: %w", c.DatabaseFile(), err)
	}
	store.bridge.Store(server.New(backend, "unix", notifyInterval, emulatedEtcd))
	<-ctx.Done()
	background.Wait()
	return nil
}
