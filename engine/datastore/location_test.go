package datastore

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// In a URI, as SQLite takes them, each of these would mean something else than itself.
var strangeFolders = []string{"a?mode=memory", "a%41", "a%", "a#b", "a b", "a&b=c", "ü"}

func TestTheFileOfAStrangeFolder(t *testing.T) {
	for i, name := range strangeFolders {
		t.Run(fmt.Sprint(i), func(t *testing.T) { // the name would be part of every temporary folder's
			file := filepath.Join(t.TempDir(), name, "state.db")
			if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			from := crashed(t)
			for _, suffix := range []string{"", "-wal"} {
				if err := os.Rename(from+suffix, file+suffix); err != nil {
					t.Fatal(err)
				}
			}
			damageLog(t, file)
			if aside, err := Repair(t.Context(), file); err != nil || aside != file+"-wal.damaged-1" {
				t.Errorf("%s: got %q, %v", name, aside, err)
			}
			if _, err := Check(t.Context(), file); err != nil {
				t.Errorf("%s: afterwards %v", name, err)
			}
		})
	}
}
