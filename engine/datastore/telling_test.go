package datastore

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
)

// A quiet node: a few revisions, the newest of them a deletion. The old ones go all the same, and the newest is not forgotten.
func TestFewRevisionsAreCompactedToo(t *testing.T) {
	ctx := t.Context()
	told := make(chan int64, 100)
	soon := func(c *drivers.Config) { c.CompactInterval, c.CompactMinRetain = 200*time.Millisecond, 1 }
	backend := logstructured.New(newLog(t, filepath.Join(t.TempDir(), "state.db"), "", func(tables server.Dialect) server.Dialect {
		return Telling{Dialect: tables, Tell: func(revision int64) { told <- revision }}
	}, soon))
	if err := backend.Start(ctx); err != nil {
		t.Fatal(err)
	}
	first, err := backend.Create(ctx, "/a", []byte("1"), 0)
	if err != nil {
		t.Fatal(err)
	}
	second, _, _, err := backend.Update(ctx, "/a", []byte("2"), first, 0)
	if err != nil {
		t.Fatal(err)
	}
	deleted, err := backend.Create(ctx, "/b", []byte("1"), 0)
	if err != nil {
		t.Fatal(err)
	}
	newest, _, _, err := backend.Delete(ctx, "/b", deleted)
	if err != nil {
		t.Fatal(err)
	}
	backend.Watch(ctx, 0) // kine compacts only while somebody watches

	for limit := time.After(time.Minute); ; {
		select {
		case revision := <-told:
			if revision <= second {
				continue
			}
		case <-limit:
			t.Fatal("nobody was told")
		}
		break
	}
	if _, _, err := backend.List(ctx, "/", "0", 0, first, false); !errors.Is(err, server.ErrCompacted) {
		t.Errorf("at an old revision: %v", err)
	}
	if current, found, err := backend.List(ctx, "/a", "/c", 0, 0, false); current != newest || len(found) != 1 || err != nil {
		t.Errorf("now: revision %d of %d, %v, %v", current, newest, found, err)
	}
}
