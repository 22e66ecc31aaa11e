package datastore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"
)

func openNumbers(t *testing.T) *sql.DB {
	t.Helper()
	connector, err := sqlite.NewConnector("file:" + filepath.Join(t.TempDir(), "test.db") + "?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(Prepared{connector})
	t.Cleanup(func() { db.Close() })
	for _, statement := range []string{
		"CREATE TABLE numbers (id INTEGER PRIMARY KEY, name TEXT)",
		"INSERT INTO numbers (name) VALUES ('one'), ('two'), ('three')",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

const byID = "SELECT name FROM numbers WHERE id = ?"

func nameOf(t *testing.T, ask func(string, ...any) *sql.Row, id int) string {
	t.Helper()
	var name string
	if err := ask(byID, id).Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTheSameQueryAnswersForOtherValues(t *testing.T) {
	db := openNumbers(t)
	db.SetMaxOpenConns(1)
	for id, want := range []string{1: "one", 2: "two", 3: "three"} {
		if want != "" && nameOf(t, db.QueryRow, id) != want {
			t.Errorf("%d is not %s", id, want)
		}
	}
}

func TestAQueryWithinItsOwnRows(t *testing.T) {
	transaction, err := openNumbers(t).Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer transaction.Rollback()
	outer, err := transaction.Query("SELECT name FROM numbers WHERE id >= ? ORDER BY id", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	var names []string
	for outer.Next() {
		var name string
		if err := outer.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		var inner string
		if err := transaction.QueryRow("SELECT name FROM numbers WHERE id >= ? ORDER BY id", 3).Scan(&inner); err != nil || inner != "three" {
			t.Errorf("inner: %q, %v", inner, err)
		}
	}
	if len(names) != 3 {
		t.Errorf("got %v", names)
	}
}

func TestAnErrorDoesNotSpoilTheStatement(t *testing.T) {
	db := openNumbers(t)
	db.SetMaxOpenConns(1)
	const insert = "INSERT INTO numbers (id, name) VALUES (?, ?)"
	if _, err := db.Exec(insert, 1, "uno"); err == nil {
		t.Error("a second row with the same key was accepted")
	}
	result, err := db.Exec(insert, 4, "four")
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := result.LastInsertId(); id != 4 {
		t.Errorf("id %d", id)
	}
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := db.ExecContext(canceled, insert, 5, "five"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if nameOf(t, db.QueryRow, 4) != "four" {
		t.Error("the row is gone")
	}
}

func TestAChangedTableIsSeen(t *testing.T) {
	db := openNumbers(t)
	if nameOf(t, db.QueryRow, 1) != "one" {
		t.Fatal("not one")
	}
	// SQLite prepares a kept statement again when the schema has changed.
	if _, err := db.Exec("ALTER TABLE numbers ADD COLUMN more TEXT"); err != nil {
		t.Fatal(err)
	}
	if nameOf(t, db.QueryRow, 2) != "two" {
		t.Error("not two")
	}
}

func TestParametersOfComparisonsAreHidden(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT id FROM kine WHERE name = ?":                      "SELECT id FROM kine WHERE name = (SELECT ?)",
		"WHERE name >= ? AND name < ? AND (deleted = 0 OR ?)":     "WHERE name >= (SELECT ?) AND name < (SELECT ?) AND (deleted = 0 OR ?)",
		"INSERT INTO kine (name, value) VALUES (?, ?)":            "INSERT INTO kine (name, value) VALUES (?, ?)",
		"UPDATE kine SET prev_revision = ? WHERE name = 'rev'":    "UPDATE kine SET prev_revision = (SELECT ?) WHERE name = 'rev'",
		"SELECT MAX(id) FROM kine WHERE name = 'compact' LIMIT 1": "SELECT MAX(id) FROM kine WHERE name = 'compact' LIMIT 1",
	} {
		if got := keepPlan(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

func TestAHiddenParameterStillUsesTheIndex(t *testing.T) {
	db := openNumbers(t)
	if _, err := db.Exec("CREATE INDEX by_name ON numbers (name)"); err != nil {
		t.Fatal(err)
	}
	var id, parent, unused int
	var step string
	const query = "EXPLAIN QUERY PLAN SELECT id FROM numbers WHERE name >= ? AND name < ?"
	if err := db.QueryRow(query, "one", "three").Scan(&id, &parent, &unused, &step); err != nil {
		t.Fatal(err)
	}
	if step != "SEARCH numbers USING COVERING INDEX by_name (name>? AND name<?)" {
		t.Error(step)
	}
}

// kine's way to read one key; what is measured is a statement that is kept, with another value each time.
func BenchmarkReadingOneKey(b *testing.B) {
	connector, err := sqlite.NewConnector("file:" + filepath.Join(b.TempDir(), "test.db"))
	if err != nil {
		b.Fatal(err)
	}
	db := sql.OpenDB(Prepared{connector})
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		"CREATE TABLE kine (id INTEGER PRIMARY KEY, name TEXT, deleted INTEGER)",
		"CREATE INDEX by_name ON kine (name, id)",
		"WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000) INSERT INTO kine (name, deleted) SELECT '/registry/' || n, 0 FROM counted",
	} {
		if _, err := db.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	const query = `WITH latest AS (SELECT MAX(id) AS id FROM kine WHERE name = ?),
		row AS (SELECT id, name FROM kine INNER JOIN latest USING (id) WHERE (deleted = 0 OR ?))
		SELECT * FROM row UNION ALL SELECT 0, '' WHERE NOT EXISTS (SELECT * FROM row)`
	for i := 0; b.Loop(); i++ {
		var id int
		var name string
		if err := db.QueryRow(query, fmt.Sprintf("/registry/%d", i%1000+1), false).Scan(&id, &name); err != nil {
			b.Fatal(err)
		}
	}
}
