package datastore

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

const rows = 500

// crashed is a database as a power cut leaves it: half of the rows are in the file, and all of the later
// ones in the write-ahead log beside it.
func crashed(t *testing.T) string {
	t.Helper()
	live := filepath.Join(t.TempDir(), "state.db")
	database, err := sql.Open("sqlite", Location(live, "_pragma=journal_mode(WAL)&_pragma=wal_autocheckpoint(0)&_pragma=synchronous(OFF)"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	execute(t, database, "CREATE TABLE kine (id INTEGER PRIMARY KEY, name TEXT, value BLOB)", "CREATE INDEX names ON kine (name)")
	insert(t, database, 0)
	execute(t, database, "PRAGMA wal_checkpoint(TRUNCATE)")
	insert(t, database, rows)
	copied := filepath.Join(t.TempDir(), "state.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(live + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

func execute(t *testing.T, database *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := database.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

func insert(t *testing.T, database *sql.DB, first int) {
	t.Helper()
	for id := first; id < first+rows; id++ {
		execute(t, database, fmt.Sprintf("INSERT INTO kine VALUES (%d, '/registry/%d', randomblob(300))", id, id))
	}
}

func open(t *testing.T, file string) *sql.DB {
	t.Helper()
	database, err := sql.Open("sqlite", Location(file, ""))
	if err != nil {
		t.Fatal(err)
	}
	return database
}

func count(t *testing.T, file string) (number int) {
	t.Helper()
	database := open(t, file)
	defer database.Close()
	if err := database.QueryRow("SELECT count(*) FROM kine").Scan(&number); err != nil {
		t.Fatal(err)
	}
	return number
}

func overwrite(t *testing.T, file string, offset int64, text []byte) {
	t.Helper()
	handle, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer handle.Close()
	if _, err := handle.WriteAt(text, offset); err != nil {
		t.Fatal(err)
	}
}

func TestASoundDatabaseIsLeftAlone(t *testing.T) {
	file := crashed(t)
	before, _ := os.ReadFile(file)
	log, _ := os.ReadFile(file + "-wal")
	aside, err := Repair(t.Context(), file)
	if err != nil || aside != "" {
		t.Fatalf("got %q, %v", aside, err)
	}
	after, _ := os.ReadFile(file)
	logAfter, _ := os.ReadFile(file + "-wal")
	if string(before) != string(after) || string(log) != string(logAfter) {
		t.Error("the check has written")
	}
	if got := count(t, file); got != 2*rows {
		t.Errorf("%d rows, want %d", got, 2*rows)
	}
}

func TestNothingToRepair(t *testing.T) {
	if aside, err := Repair(t.Context(), filepath.Join(t.TempDir(), "state.db")); err != nil || aside != "" {
		t.Errorf("got %q, %v", aside, err)
	}
}

func TestATornLogNeedsNoRepair(t *testing.T) {
	file := crashed(t)
	status, err := os.Stat(file + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file+"-wal", status.Size()/2); err != nil {
		t.Fatal(err)
	}
	if aside, err := Repair(t.Context(), file); err != nil || aside != "" {
		t.Fatalf("got %q, %v", aside, err)
	}
	if got := count(t, file); got <= rows || got >= 2*rows {
		t.Errorf("%d rows: SQLite should take the first half of the log", got)
	}
}

// damageLog makes the log say something wrong with right checksums, as a disk does that has mixed up
// its blocks: it becomes that of another database.
func damageLog(t *testing.T, file string) {
	t.Helper()
	other := filepath.Join(t.TempDir(), "other.db")
	database, err := sql.Open("sqlite", Location(other, "_pragma=journal_mode(WAL)&_pragma=wal_autocheckpoint(0)&_pragma=synchronous(OFF)"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	execute(t, database, "CREATE TABLE padding (x)", "CREATE TABLE kine (id INTEGER PRIMARY KEY, name TEXT, value BLOB)",
		"CREATE INDEX names ON kine (name)", "PRAGMA wal_checkpoint(TRUNCATE)")
	insert(t, database, 7000)
	content, err := os.ReadFile(other + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file+"-wal", content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedLogIsPutAside(t *testing.T) {
	file := crashed(t)
	damageLog(t, file)
	log, _ := os.ReadFile(file + "-wal")
	aside, err := Repair(t.Context(), file)
	if err != nil || aside != file+"-wal.damaged-1" {
		t.Fatalf("got %q, %v", aside, err)
	}
	if got := count(t, file); got != rows {
		t.Errorf("%d rows, want the %d of the file", got, rows)
	}
	if kept, err := os.ReadFile(aside); err != nil || string(kept) != string(log) {
		t.Errorf("the log wasn't kept: %v", err)
	}
	damageLog(t, file)
	if aside, err := Repair(t.Context(), file); err != nil || aside != file+"-wal.damaged-2" {
		t.Errorf("the second time: got %q, %v", aside, err)
	}
}

func TestWhatCannotBeMendedIsKept(t *testing.T) {
	tests := []struct {
		name   string
		damage func(*testing.T, string)
	}{
		{"with its log", func(t *testing.T, file string) {
			overwrite(t, file, 4096, make([]byte, 20*4096))
			damageLog(t, file)
		}},
		{"without a log", func(t *testing.T, file string) {
			overwrite(t, file, 4096, make([]byte, 20*4096))
			if err := os.Remove(file + "-wal"); err != nil {
				t.Fatal(err)
			}
		}},
		{"no database at all", func(t *testing.T, file string) {
			overwrite(t, file, 0, []byte("hello"))
			damageLog(t, file)
			overwrite(t, file+"-wal", 0, []byte("hello"))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := crashed(t)
			test.damage(t, file)
			before, _ := os.ReadFile(file)
			log, _ := os.ReadFile(file + "-wal")
			if aside, err := Repair(t.Context(), file); !errors.As(err, new(Damaged)) {
				t.Fatalf("got %q, %v", aside, err)
			}
			after, _ := os.ReadFile(file)
			logAfter, _ := os.ReadFile(file + "-wal")
			if string(before) != string(after) || string(log) != string(logAfter) {
				t.Error("something was written")
			}
		})
	}
}
