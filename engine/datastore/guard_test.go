package datastore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/k3s-io/kine/pkg/server"
)

// makeDatabase has some pages of content, all of it in the file or the last part in the log.
func makeDatabase(t *testing.T, leaveLog bool) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "state.db")
	database, err := sql.Open("sqlite", Location(file, "_pragma=journal_mode(WAL)"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	execute := func(statement string) {
		t.Helper()
		if _, err := database.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	execute("CREATE TABLE kine (id INTEGER PRIMARY KEY, name TEXT, value BLOB)")
	execute("CREATE INDEX kine_name ON kine (name)")
	for i := range 200 {
		execute(fmt.Sprintf("INSERT INTO kine (name, value) VALUES ('name-%d', randomblob(500))", i))
	}
	if !leaveLog {
		return file
	}
	return copyDatabase(t, file) // as a power cut would leave it
}

func copyDatabase(t *testing.T, file string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "state.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(file + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name     string
		leaveLog bool
		spoil    func(content []byte) []byte // of the file, or of the log
		damaged  bool
	}{
		{"a sound file", false, func(c []byte) []byte { return c }, false},
		{"a sound file and its log", true, func(c []byte) []byte { return c }, false},
		{"a log torn by a power cut", true, func(c []byte) []byte { return c[:len(c)-1000] }, false},
		{"a log with a bad end", true, func(c []byte) []byte {
			return append(c[:len(c)-4000], bytes.Repeat([]byte{0xff}, 4000)...)
		}, false},
		{"something else", false, func(c []byte) []byte { return bytes.Repeat([]byte("x"), len(c)) }, true},
		{"a page of zeros", false, func(c []byte) []byte { copy(c[4096*3:], make([]byte, 4096)); return c }, true},
		{"a page of noise", false, func(c []byte) []byte { copy(c[4096*5:], bytes.Repeat([]byte{0xa5}, 4096)); return c }, true},
		{"half a file", false, func(c []byte) []byte { return c[:len(c)/2] }, true},
		{"nothing in it", false, func([]byte) []byte { return nil }, false}, // that's for preflight to say
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := makeDatabase(t, test.leaveLog)
			spoiled := file
			if test.leaveLog {
				spoiled += "-wal"
			}
			content, err := os.ReadFile(spoiled)
			if err != nil {
				t.Fatal(err)
			}
			content = test.spoil(content)
			if err := os.WriteFile(spoiled, content, 0o600); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Check(context.Background(), file)
			var failure Damaged
			if errors.As(err, &failure) != test.damaged || !test.damaged && err != nil {
				t.Errorf("got %v", err)
			}
			if test.damaged && !strings.Contains(err.Error(), file) {
				t.Errorf("the message does not name the file: %v", err)
			}
			if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

func TestIsWorthShrinking(t *testing.T) {
	tests := []struct {
		name        string
		pages, free int64
		want        bool
	}{
		{"small", 2000, 1900, false},
		{"big and used", 100_000, 20_000, false},
		{"big and mostly free", 100_000, 60_000, true},
	}
	for _, test := range tests {
		if got := isWorthShrinking(test.pages, test.free); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// failingBackend answers writes with an error.
type failingBackend struct {
	server.Backend
	err error
}

func (f *failingBackend) Create(context.Context, string, []byte, int64) (int64, error) {
	return 0, f.err
}

func TestGuard(t *testing.T) {
	ctx := context.Background()
	var said []string
	backend := &failingBackend{}
	guard := NewGuard(backend, "state.db", func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) })
	create := func(err error) {
		backend.err = err
		if _, got := guard.Create(ctx, "key", nil, 0); got != err {
			t.Errorf("the error was not passed on: %v", got)
		}
	}
	create(nil)
	create(server.ErrKeyExists)
	if len(said) != 0 || guard.Ready() != nil {
		t.Errorf("of ordinary answers: %v", said)
	}
	noRoom := fullDisk(t)
	for range 3 {
		create(noRoom)
	}
	if len(said) != 1 || !strings.Contains(said[0], "state.db is full") || guard.Ready() == nil {
		t.Errorf("of a full disk: %q, %v", said, guard.Ready())
	}
	create(nil)
	if len(said) != 2 || !strings.Contains(said[1], "takes writes again") || guard.Ready() != nil {
		t.Errorf("afterwards: %q, %v", said, guard.Ready())
	}
}

// fullDisk is SQLite's own error for a database that can't grow.
func fullDisk(t *testing.T) error {
	t.Helper()
	database, err := sql.Open("sqlite", Location(filepath.Join(t.TempDir(), "full.db"), "_pragma=max_page_count(2)"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if _, err := database.Exec("CREATE TABLE t (v BLOB)"); err != nil {
		t.Fatal(err)
	}
	_, err = database.Exec("INSERT INTO t VALUES (randomblob(20000))")
	if troubleOf(err) != full {
		t.Fatalf("SQLite says %v", err)
	}
	return err
}
