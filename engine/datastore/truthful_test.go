package datastore

import (
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
	"github.com/k3s-io/kine/pkg/server"
)

// kine on a database that can't grow: what was acknowledged is there, and the rest was refused with the reason.
func TestWhatIsAcknowledgedIsWritten(t *testing.T) {
	ctx := t.Context()
	file := filepath.Join(t.TempDir(), "state.db")
	log := newLog(t, file, "&_pragma=max_page_count(100)", func(tables server.Dialect) server.Dialect {
		return Roomy{Dialect: tables, File: file}
	})
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

// newLog is kine's log in a file until the test ends; over is what its tables are seen through.
func newLog(t *testing.T, file, options string, over func(server.Dialect) server.Dialect, changes ...func(*drivers.Config)) *sqllog.SQLLog {
	t.Helper()
	settings := &drivers.Config{DataSourceName: KineLocation(file, "_journal_mode=WAL"+options), PollInterval: time.Second, PollBatchSize: 500,
		CompactInterval: time.Hour, CompactTimeout: time.Second, CompactMinRetain: 1000, CompactBatchSize: 1000}
	for _, change := range changes {
		change(settings)
	}
	var background sync.WaitGroup
	t.Cleanup(background.Wait) // the test's context has ended by then
	_, tables, err := sqlite.NewVariant(t.Context(), &background, "sqlite3", settings)
	if err != nil {
		t.Fatal(err)
	}
	return sqllog.New(over(tables), &background, settings)
}

func countOf(t *testing.T, file, prefix string) (number int) {
	t.Helper()
	database, err := sql.Open("sqlite", Location(file, "mode=ro"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if err := database.QueryRow("SELECT count(*) FROM kine WHERE name LIKE ?", prefix+"%").Scan(&number); err != nil {
		t.Fatal(err)
	}
	return number
}
