package datastore

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/k3s-io/kine/pkg/server"
)

// nothingAfter has nothing to do after a compaction but what kine does.
type nothingAfter struct {
	server.Dialect
	db *sql.DB
}

func (n nothingAfter) PostCompact(ctx context.Context) error {
	_, err := n.db.ExecContext(ctx, "PRAGMA wal_checkpoint(FULL)")
	return err
}

func TestAFileGetsShorter(t *testing.T) {
	const rows, bytes, kept = 120, 300_000, 5
	for name, test := range map[string]struct {
		options string
		shrinks bool
	}{
		"one that was made so": {"_auto_vacuum=INCREMENTAL&", true},
		"an older one":         {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "state.db")
			database, err := sql.Open("sqlite", Location(file, test.options+"_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)"))
			if err != nil {
				t.Fatal(err)
			}
			defer database.Close()
			database.SetMaxOpenConns(1)
			execute(t, database, "CREATE TABLE kine (id INTEGER PRIMARY KEY, value BLOB)")
			for range rows {
				if _, err := database.Exec("INSERT INTO kine (value) VALUES (randomblob(?))", bytes); err != nil {
					t.Fatal(err)
				}
			}
			execute(t, database, "DELETE FROM kine WHERE id <= 115") // the last ones have to move
			before := sizeAfter(t, database, file)
			after := sizeAfter(t, database, file)
			if before != after {
				t.Errorf("the second time: from %d to %d bytes", before, after)
			}
			if most := int64(fewPages+pagesAtOnce)*4096 + kept*bytes; test.shrinks != (after <= most) {
				t.Errorf("it has %d bytes", after)
			}
			var sound string
			var left, length int
			if err := database.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
				t.Errorf("%s, %v", sound, err)
			}
			if err := database.QueryRow("SELECT count(*), sum(length(value)) FROM kine").Scan(&left, &length); err != nil || left != kept || length != kept*bytes {
				t.Errorf("%d rows are left, with %d bytes (%v)", left, length, err)
			}
		})
	}
}

func sizeAfter(t *testing.T, database *sql.DB, file string) int64 {
	t.Helper()
	if err := (Shrinking{nothingAfter{db: database}, database, file}).PostCompact(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return status.Size()
}
