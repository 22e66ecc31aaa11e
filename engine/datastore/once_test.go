package datastore

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/k3s-io/kine/pkg/drivers/generic"
	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
)

// kine itself: who watches gets the values before, from now on and from an earlier revision, and they are in no row.
func TestValuesAreKeptOnce(t *testing.T) {
	ctx, file := t.Context(), filepath.Join(t.TempDir(), "state.db")
	backend := logstructured.New(newLog(t, file, "", func(tables server.Dialect) server.Dialect {
		if err := KeepOnce(tables.(*generic.Generic)); err != nil {
			t.Fatal(err)
		}
		return tables
	}))
	if err := backend.Start(ctx); err != nil {
		t.Fatal(err)
	}
	fresh := backend.Watch(ctx, 0)
	created, err := backend.Create(ctx, "/a", []byte("1"), 0)
	if err != nil {
		t.Fatal(err)
	}
	updated, _, _, err := backend.Update(ctx, "/a", []byte("2"), created, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := backend.Delete(ctx, "/a", updated); err != nil {
		t.Fatal(err)
	}
	again, err := backend.Create(ctx, "/a", []byte("3"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := backend.Update(ctx, "/a", []byte("4"), again, 0); err != nil {
		t.Fatal(err)
	}
	want := []string{"create 1, before ", "update 2, before 1", "delete , before 2", "create 3, before ", "update 4, before 3"}
	for name, result := range map[string]server.WatchResult{"new": fresh, "from an earlier revision": backend.Watch(ctx, created)} {
		var seen []string
		for len(seen) < len(want) {
			for _, event := range (<-result.Eventc).Events {
				if event.KV.Key == "/a" {
					seen = append(seen, tell(event))
				}
			}
		}
		if !slices.Equal(seen, want) {
			t.Errorf("who watches, %s: %q", name, seen)
		}
	}
	database, err := sql.Open("sqlite", Location(file, "mode=ro"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	var twice int
	if err := database.QueryRow("SELECT count(*) FROM kine WHERE old_value IS NOT NULL").Scan(&twice); twice != 0 || err != nil {
		t.Errorf("%d rows have two values (%v)", twice, err)
	}
}

func tell(event *server.Event) string {
	kind, before := "update", ""
	switch {
	case event.Create:
		kind = "create"
	case event.Delete:
		kind = "delete"
	}
	if event.PrevKV != nil {
		before = string(event.PrevKV.Value)
	}
	return fmt.Sprintf("%s %s, before %s", kind, event.KV.Value, before)
}
