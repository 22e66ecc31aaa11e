package images

import (
	"bytes"
	"strings"
	"testing"
)

// with runs a command's work on this store.
func (s *Store) with(t *testing.T, do work) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := do(inNamespace(t.Context()), s, &out)
	return out.String(), err
}

func TestTagPinRemove(t *testing.T) {
	archive := &made{t: t}
	content := archive.named("localhost/a:1", archive.image(here)).archive(asItIs)
	store := storeInFolder(t)
	if _, err := store.importArchive(t.Context(), bytes.NewReader(content), importOptions{}); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name  string
		do    work
		names int // that are left
		pin   bool
		want  string
	}{
		{"a name of nothing", pin([]string{"localhost/a:1", "b"}, true), 2, false, `there is no image "b"`},
		{"pin", pin([]string{"localhost/a:1"}, true), 2, true, "pinned localhost/a:1"},
		{"a tag in the repository", tag("localhost/a:1", []string{"localhost/a:2"}), 3, true, "localhost/a:2"},
		{"a tag in another", tag("localhost/a:2", []string{"docker.io/library/b:1"}), 5, true, "docker.io/library/b:1"},
		{"a tag goes", remove([]string{"localhost/a:1"}), 4, true, "removed localhost/a:1"},
		{"the repository's last goes with its digest", remove([]string{"localhost/a:2"}), 2, true, "removed localhost/a:2"},
		{"no longer pinned", pin([]string{"b:1"}, false), 2, false, "no longer pinned: docker.io/library/b:1"},
		{"the last goes", remove([]string{"b:1"}), 0, false, "removed docker.io/library/b:1"},
	}
	for _, step := range steps {
		out, err := store.with(t, step.do)
		if err != nil {
			out = err.Error()
		}
		all, _ := store.List(t.Context())
		isPinned := len(all) > 0 && group(all)[0].isPinned
		if !strings.Contains(out, step.want) || len(all) != step.names || isPinned != step.pin {
			t.Errorf("%s: got %s, %s", step.name, out, namesIn(t, store))
		}
	}
}
