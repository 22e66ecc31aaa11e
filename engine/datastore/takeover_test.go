package datastore

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// placed is a state folder with a database of an earlier release that a power cut has left, and where it has to go.
func placed(t *testing.T) (earlier, file string) {
	t.Helper()
	folder := t.TempDir()
	earlier, file = filepath.Join(folder, "kine", "state.db"), filepath.Join(folder, "kine", "db", "state.db")
	move(t, crashed(t), earlier)
	return earlier, file
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", logSuffix} {
		if err := os.Rename(from+suffix, to+suffix); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTakeOverAfterAPowerCutAtEachStep(t *testing.T) {
	link := func(from, to string) error {
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.Link(from, to)
	}
	steps := []struct {
		name string
		take func(earlier, file string) error
	}{
		{"before the first", func(string, string) error { return nil }},
		{"the log has both names", func(e, f string) error { return link(e+logSuffix, f+logSuffix) }},
		{"the database, too", func(e, f string) error { return link(e, f) }},
		{"the log has lost its old one", func(e, _ string) error { return os.Remove(e + logSuffix) }},
		{"the database, too: all is done", func(e, _ string) error { return os.Remove(e) }},
	}
	for last := range steps {
		t.Run(steps[last].name, func(t *testing.T) {
			earlier, file := placed(t)
			for _, step := range steps[:last+1] {
				if err := step.take(earlier, file); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := TakeOver(earlier, file); err != nil {
				t.Fatal(err)
			}
			if got := count(t, file); got != 2*rows {
				t.Errorf("%d of %d rows are left", got, 2*rows)
			}
			if entries, _ := filepath.Glob(earlier + "*"); len(entries) > 0 {
				t.Errorf("left behind: %v", entries)
			}
		})
	}
}

func TestNothingToTakeOver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kine", "db", "state.db")
	done, err := TakeOver(filepath.Join(t.TempDir(), "state.db"), file)
	if done != "" || err != nil {
		t.Errorf("got %q, %v", done, err)
	}
}

func TestALogWithoutItsDatabaseIsNotTheNewOnes(t *testing.T) {
	earlier, file := placed(t)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file+logSuffix, []byte("another's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := TakeOver(earlier, file); err != nil {
		t.Fatal(err)
	}
	if got := count(t, file); got != 2*rows {
		t.Errorf("%d of %d rows are left", got, 2*rows)
	}
}

// An earlier release of ours has begun an empty cluster beside KubeSolo's database; or KubeSolo has, after it.
func TestOfTwoDatabasesTheLastWrittenCounts(t *testing.T) {
	for name, age := range map[string]struct{ earlier, here time.Duration }{
		"the earlier release's": {time.Minute, time.Hour},
		"the one in place":      {time.Hour, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			earlier, file := placed(t)
			move(t, crashed(t), file)
			inLog := crashed(t) // what only the loser has
			loser, winner := file, earlier
			if age.here < age.earlier {
				loser, winner = earlier, file
			}
			move(t, inLog, loser)
			mark(t, winner)
			for path, old := range map[string]time.Duration{earlier: age.earlier, file: age.here} {
				for _, suffix := range []string{"", logSuffix} {
					when := time.Now().Add(-old)
					if err := os.Chtimes(path+suffix, when, when); err != nil {
						t.Fatal(err)
					}
				}
			}
			done, err := TakeOver(earlier, file)
			if err != nil || !strings.Contains(done, "two databases") {
				t.Fatalf("got %q, %v", done, err)
			}
			if got := count(t, file); got != 2*rows+1 {
				t.Errorf("%d rows: that is the other one", got)
			}
			aside := done[strings.LastIndex(done, " ")+1:]
			if status, err := os.Stat(aside); err != nil {
				t.Fatal(err)
			} else if status.IsDir() {
				aside = filepath.Join(aside, "state.db")
			}
			if got := count(t, aside); got != 2*rows {
				t.Errorf("of the other one %d rows are left", got)
			}
		})
	}
}

// mark adds one row.
func mark(t *testing.T, file string) {
	t.Helper()
	database := open(t, file)
	execute(t, database, "INSERT INTO kine (name) VALUES ('mark')")
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	// Closing has moved the log into the database, and removed it.
	if err := os.WriteFile(file+logSuffix, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}
