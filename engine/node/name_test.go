package node

import (
	"os"
	"path/filepath"
	"testing"
)

func TestChooseName(t *testing.T) {
	for _, test := range []struct {
		what, asked, kept string
		registered        []string
		hostname          string
		name, before      string
	}{
		{"a new node has the host's name", "", "", nil, "host", "host", ""},
		{"a new node that is given one has that", "given", "", nil, "host", "given", ""},
		{"another host name changes nothing", "", "first", nil, "second", "first", ""},
		{"nor for the state of a release that kept no name", "", "", []string{"first"}, "second", "first", ""},
		{"what is kept counts more than what anybody registered", "", "first", []string{"fake"}, "second", "first", ""},
		{"of several nodes, it is the one that is called as the host", "", "", []string{"b", "a"}, "a", "a", ""},
		{"or the one that was written to last", "", "", []string{"b", "a"}, "c", "b", ""},
		{"another name that is given moves the state", "given", "first", nil, "host", "given", "first"},
		{"also that of a release that kept no name", "given", "", []string{"first"}, "host", "given", "first"},
		{"the same name that is given moves nothing", "first", "first", []string{"first"}, "host", "first", ""},
		{"a name that isn't given any more stays", "", "given", []string{"given"}, "host", "given", ""},
	} {
		name, before := ChooseName(test.asked, test.kept, test.registered, test.hostname)
		if name != test.name || before != test.before {
			t.Errorf("%s: got %q, before %q", test.what, name, before)
		}
	}
}

func TestReadName(t *testing.T) {
	file := filepath.Join(t.TempDir(), "node-name")
	if got := ReadName(file); got != "" {
		t.Errorf("no file: %q", got)
	}
	for text, want := range map[string]string{"node-1\n": "node-1", "": "", "\x00\x00\x00": "", "two words": "", "Upper": ""} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ReadName(file); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
