package datastore

import (
	"context"
	"sync/atomic"

	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
)

// Current knows the newest revision. kine's own falls behind for good when two writes and the poller get in each
// other's way, until the next write (kine v0.17.5, pkg/logstructured/sqllog/sql.go, Append and poll). The API server
// waits for its caches to be told of the revision that it read; with nothing else writing, it waits for ever.
type Current struct {
	logstructured.Log
	newest atomic.Int64
}

// Append writes one revision.
func (c *Current) Append(ctx context.Context, event *server.Event) (int64, error) {
	revision, err := c.Log.Append(ctx, event)
	for newest := c.newest.Load(); revision > newest && !c.newest.CompareAndSwap(newest, revision); {
		newest = c.newest.Load()
	}
	return revision, err
}

// CurrentRevision is never older than a write that was acknowledged.
func (c *Current) CurrentRevision(ctx context.Context) (int64, error) {
	revision, err := c.Log.CurrentRevision(ctx)
	return max(revision, c.newest.Load()), err
}
