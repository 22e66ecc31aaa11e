package datastore

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/drivers/sqlite"
	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/logstructured/sqllog"
)

// kine on a database that can't grow: what was acknowledged is there, and the rest was refused with the reason.
func TestWhatIsAcknowledgedIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	ctx, cancel := context.WithCancel(t.Context())
	var background sync.WaitGroup
	defer background.Wait()
	defer cancel()
	settings := &drivers.Config{DataSourceName: file + "?_journal_mode=WAL&_pragma=max_page_count(100)", PollInterval: time.Second, PollBatchSize: 500,
		CompactInterval: time.Hour, CompactTimeout: time.Second, CompactMinRetain: 1000, CompactBatchSize: 1000}
	_, tables, err := sqlite.NewVariant(ctx, &background, "sqlite3", settings)
	if err != nil {
		t.Fatal(err)
	}
	log := sqllog.New(Roomy{Dialect: tables, File: file}, &background, settings)
	guard := NewGuard(logstructured.New(Truthful{Log: log}), file, func(string, ...any) {})
	if err := guard.Start(ctx); err != nil {
		t.Fatal(err)
	}
	changing, err := guard.Create(ctx, "/changing", []byte("x"), 0)
	if err != nil {
		t.Fatal(err)
	}
	acknowledged, refused := 0, 0
	for i := range 50 {
		_, err := guard.Create(ctx, fmt.Sprintf("/filling/%d", i), []byte(strings.Repeat("x", 20_000)), 0)
		switch {
		case err == nil:
			acknowledged++
		case troubleOf(err) == full:
			refused++
		default:
			t.Fatal(err)
		}
	}
	if acknowledged == 0 || refused == 0 || guard.Ready() == nil {
		t.Errorf("%d acknowledged, %d refused, %v", acknowledged, refused, guard.Ready())
	}
	if _, _, updated, err := guard.Update(ctx, "/changing", make([]byte, 100_000), changing, 0); updated || troubleOf(err) != full {
		t.Errorf("an update without room: %v, %v", updated, err)
	}
	if _, _, updated, err := guard.Update(ctx, "/changing", []byte("y"), changing-1, 0); updated || err != nil {
		t.Errorf("an update of what somebody else has changed: %v, %v", updated, err)
	}
	if written := countOf(t, file, "/filling/"); written != acknowledged {
		t.Errorf("%d were acknowledged, %d are written", acknowledged, written)
	}
}

func countOf(t *testing.T, file, prefix string) (number int) {
	t.Helper()
	database, err := sql.Open("sqlite", "file://"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if err := database.QueryRow("SELECT count(*) FROM kine WHERE name LIKE ?", prefix+"%").Scan(&number); err != nil {
		t.Fatal(err)
	}
	return number
}
