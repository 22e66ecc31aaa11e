package datastore

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"

	"github.com/k3s-io/kine/pkg/query"
	"github.com/k3s-io/kine/pkg/server"
)

// A write that began before another one and ends after it, and a poller that finds both at once.
func TestTheCurrentRevisionIsThatOfTheNewestWrite(t *testing.T) {
	ctx := t.Context()
	held := &heldUp{begun: make(chan struct{}), goOn: make(chan struct{})}
	log := &Current{Log: newLog(t, filepath.Join(t.TempDir(), "state.db"), "", func(tables server.Dialect) server.Dialect {
		held.Dialect = tables
		return held
	})}
	if err := log.Start(ctx); err != nil {
		t.Fatal(err)
	}
	watched := log.Watch(ctx)
	write := func(ctx context.Context, key string) {
		if _, err := log.Append(ctx, &server.Event{Create: true, KV: &server.KeyValue{Key: key}}); err != nil {
			t.Error(err)
		}
	}
	write(ctx, "/before")
	<-watched

	held.polls.Lock()
	var late sync.WaitGroup
	late.Go(func() { write(context.WithValue(ctx, isLate{}, true), "/late") })
	<-held.begun
	write(ctx, "/early")
	close(held.goOn)
	late.Wait()
	held.polls.Unlock()

	told := (<-watched).CurrentRev
	if current, err := log.CurrentRevision(ctx); current != told || err != nil {
		t.Errorf("the current revision is %d (%v), and those who watch were told of %d", current, err, told)
	}
}

type isLate struct{}

// heldUp is a database whose late write begins when it may go on, and whose polls wait.
type heldUp struct {
	server.Dialect
	begun, goOn chan struct{}
	polls       sync.Mutex
}

func (h *heldUp) BeginTx(ctx context.Context, options *sql.TxOptions) (server.Transaction, error) {
	if ctx.Value(isLate{}) != nil {
		close(h.begun)
		<-h.goOn
	}
	return h.Dialect.BeginTx(ctx, options)
}

func (h *heldUp) QueryAfter(ctx context.Context, statement *query.Stmt, revision int64) (*sql.Rows, error) {
	h.polls.Lock()
	defer h.polls.Unlock()
	return h.Dialect.QueryAfter(ctx, statement, revision)
}
