package components

import (
	"context"
	"database/sql"
	"sync"

	"github.com/k3s-io/kine/pkg/drivers/generic"
	"modernc.org/sqlite"

	"kubesolo-os/engine/datastore"
)

// Each connection has its own cache of pages and statements, and SQLite lets only one write at a time.
const idleConnections = 4

// useConnections gives kine's tables connections of our own, which keep their statements prepared: kine
// asks the same dozen questions, and SQLite takes longer to understand them than to answer.
func useConnections(ctx context.Context, background *sync.WaitGroup, tables *generic.Generic, file string) error {
	connector, err := sqlite.NewConnector(datastore.Location(file, connectionOptions))
	if err != nil {
		return err
	}
	if err := tables.DB.Close(); err != nil {
		return err
	}
	tables.DB = sql.OpenDB(datastore.Prepared{Connector: connector})
	tables.DB.SetMaxIdleConns(idleConnections)
	background.Go(func() {
		<-ctx.Done()
		tables.DB.Close()
	})
	return tables.DB.PingContext(ctx)
}
