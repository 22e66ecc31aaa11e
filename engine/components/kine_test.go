package components

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/k3s-io/kine/pkg/drivers/sqlite"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/datastore"
)

// In a URI, as SQLite takes them, each of these would mean something else than itself.
func TestTheDatabaseIsWhereTheConfigurationSays(t *testing.T) {
	for _, name := range []string{"a?b", "a%41", "a%", "a#b", "a b"} {
		t.Run(name, func(t *testing.T) {
			above := t.TempDir()
			c := config.Config{Path: filepath.Join(above, name)}
			if err := os.MkdirAll(filepath.Dir(c.DatabaseFile()), 0o700); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			var background sync.WaitGroup
			t.Cleanup(func() {
				cancel()
				background.Wait()
			})
			_, tables, err := sqlite.NewVariant(ctx, &background, "sqlite3", kineConfiguration(c, datastore.State{IsNew: true}))
			if err != nil {
				t.Fatal(err)
			}
			if err := useConnections(ctx, &background, tables, c.DatabaseFile()); err != nil {
				t.Fatal(err)
			}
			var shrinks int
			if err := tables.DB.QueryRow("PRAGMA auto_vacuum").Scan(&shrinks); err != nil || shrinks != 2 {
				t.Errorf("auto_vacuum %d, %v", shrinks, err)
			}
			var mode string
			if err := tables.DB.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
				t.Errorf("journal mode %q, %v", mode, err)
			}
			if _, err := tables.DB.Exec("DELETE FROM kine"); err != nil {
				t.Error(err)
			}
			if entries, err := os.ReadDir(above); err != nil || len(entries) != 1 {
				t.Errorf("beside it: %v, %v", entries, err)
			}
			if status, err := os.Stat(c.DatabaseFile()); err != nil || status.Size() == 0 {
				t.Errorf("got %v, %v", status, err)
			}
		})
	}
}
