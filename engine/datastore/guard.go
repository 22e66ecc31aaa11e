package datastore

import (
	"context"
	"fmt"
	"sync"

	"github.com/k3s-io/kine/pkg/server"
)

// Guard passes everything on, and notes when the disk gives trouble: it says so once, and once more when
// that is over. Those who asked get their errors, nothing is acknowledged that was not written.
type Guard struct {
	server.Backend
	file   string
	say    func(format string, args ...any)
	broken chan error

	mutex sync.Mutex
	now   trouble
	why   error
}

// NewGuard is for the backend of one file; say writes a line of log.
func NewGuard(backend server.Backend, file string, say func(format string, args ...any)) *Guard {
	return &Guard{Backend: backend, file: file, say: say, broken: make(chan error, 1)}
}

// Broken gets an error of type Damaged when the file turns out to make no sense.
func (g *Guard) Broken() <-chan error { return g.broken }

// Ready is nil unless the last write failed for the disk.
func (g *Guard) Ready() error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.why
}

func (g *Guard) note(err error, wrote bool) {
	found := troubleOf(err)
	g.mutex.Lock()
	defer g.mutex.Unlock()
	switch {
	case found == damaged:
		select {
		case g.broken <- Damaged{g.file, err.Error()}:
		default: // once is enough
		}
	case found != none && found != g.now:
		g.now, g.why = found, g.explanation(found, err)
		g.say("%v; until then nothing in the cluster can be changed", g.why)
	case err == nil && wrote && g.now != none && hasRoom(g.file): // a small one fits on a full disk now and then
		g.now, g.why = none, nil
		g.say("the disk of %s takes writes again", g.file)
	}
}

func (g *Guard) explanation(found trouble, err error) error {
	if found == full {
		return fmt.Errorf("the disk of %s is full: free some room", g.file)
	}
	return fmt.Errorf("the disk of %s gives trouble (%w): see what the kernel says of it (dmesg)", g.file, err)
}

func (g *Guard) Create(ctx context.Context, key string, value []byte, lease int64) (int64, error) {
	ctx, result := noteResult(ctx)
	revision, err := g.Backend.Create(ctx, key, value, lease)
	err = truth(err, *result)
	g.note(err, true)
	return revision, err
}

func (g *Guard) Update(ctx context.Context, key string, value []byte, revision, lease int64) (int64, *server.KeyValue, bool, error) {
	ctx, result := noteResult(ctx)
	revision, found, updated, err := g.Backend.Update(ctx, key, value, revision, lease)
	err = truth(err, *result)
	g.note(err, updated)
	return revision, found, updated, err
}

func (g *Guard) Delete(ctx context.Context, key string, revision int64) (int64, *server.KeyValue, bool, error) {
	ctx, result := noteResult(ctx)
	revision, found, deleted, err := g.Backend.Delete(ctx, key, revision)
	err = truth(err, *result)
	g.note(err, deleted && found != nil)
	return revision, found, deleted, err
}

func (g *Guard) Get(ctx context.Context, key string, revision int64, keysOnly bool) (int64, *server.KeyValue, error) {
	revision, found, err := g.Backend.Get(ctx, key, revision, keysOnly)
	g.note(err, false)
	return revision, found, err
}

func (g *Guard) List(ctx context.Context, key, end string, limit, revision int64, keysOnly bool) (int64, []*server.KeyValue, error) {
	revision, found, err := g.Backend.List(ctx, key, end, limit, revision, keysOnly)
	g.note(err, false)
	return revision, found, err
}

func (g *Guard) Count(ctx context.Context, key, end string, revision int64) (int64, int64, error) {
	revision, count, err := g.Backend.Count(ctx, key, end, revision)
	g.note(err, false)
	return revision, count, err
}
