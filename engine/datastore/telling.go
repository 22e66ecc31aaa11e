package datastore

import (
	"context"

	"github.com/k3s-io/kine/pkg/server"
)

// Telling tells up to which revision kine has compacted. kine itself tells only those who then ask for older ones.
type Telling struct {
	server.Dialect
	Tell func(revision int64)
}

// PostCompact is what kine does after each compaction that removed something.
func (t Telling) PostCompact(ctx context.Context) error {
	revision, err := t.GetCompactRevision(ctx)
	if err != nil {
		return err
	}
	t.Tell(revision)
	return t.Dialect.PostCompact(ctx)
}
