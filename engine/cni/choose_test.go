package cni

import (
	"errors"
	"strings"
	"testing"

	"kubesolo-os/engine/given"
)

const own = `{"name":"kubesolo"}`

func TestChoose(t *testing.T) {
	const multus = `{"cniVersion":"1.0.0","name":"multus","type":"multus-shim"}`
	const mesh = `{"cniVersion":"1.0.0","name":"kubesolo","plugins":[{"type":"bridge","ipam":{"type":"host-local"}},{"type":"mesh"}]}`
	const plain = `{"cniVersion":"1.0.0","name":"kubesolo","plugins":[{"type":"bridge","ipam":{"type":"host-local"}}]}`
	for _, test := range []struct {
		name    string
		files   []given.File
		file    string
		refused string
	}{
		{"nothing", nil, "", ""},
		{"the engine's", []given.File{{Name: "10-kubesolo.conflist", Text: []byte(plain)}}, "10-kubesolo.conflist", ""},
		{"the first by name", []given.File{{Name: "10-kubesolo.conflist", Text: []byte(plain)}, {Name: "00-multus.conf", Text: []byte(multus)}}, "00-multus.conf", ""},
		{"one that comes later doesn't count", []given.File{{Name: "99-other.conf", Text: []byte(multus)}, {Name: "10-kubesolo.conflist", Text: []byte(plain)}}, "10-kubesolo.conflist", ""},
		{"a plugin added to the engine's", []given.File{{Name: "10-kubesolo.conflist", Text: []byte(mesh)}}, "10-kubesolo.conflist", ""},
		{"no JSON", []given.File{{Name: "00-bad.conflist", Text: []byte("{")}, {Name: "10-kubesolo.conflist", Text: []byte(plain)}}, "10-kubesolo.conflist", "00-bad.conflist: "},
		{"nothing in it", []given.File{{Name: "00-bad.conf"}}, "", "00-bad.conf: "},
		{"no plugins", []given.File{{Name: "00-bad.conflist", Text: []byte(`{"cniVersion":"1.0.0","name":"a","plugins":[]}`)}}, "", "00-bad.conflist: "},
		{"no type", []given.File{{Name: "00-bad.conf", Text: []byte(`{"cniVersion":"1.0.0","name":"a"}`)}}, "", "missing 'type'"},
		{"a name that can't be", []given.File{{Name: "00-bad.conf", Text: []byte(`{"cniVersion":"1.0.0","name":"../a","type":"bridge"}`)}}, "", "invalid characters"},
		{"a plugin that isn't there", []given.File{{Name: "00-a.conf", Text: []byte(`{"cniVersion":"1.0.0","name":"a","type":"absent"}`)}, {Name: "10-kubesolo.conflist", Text: []byte(plain)}},
			"10-kubesolo.conflist", `00-a.conf: its plugin "absent" can't be run: not found`},
		{"nobody to give addresses", []given.File{{Name: "00-a.conf", Text: []byte(`{"cniVersion":"1.0.0","name":"a","type":"bridge","ipam":{"type":"absent"}}`)}}, "", `"absent"`},
		{"a list by the wrong ending", []given.File{{Name: "00-a.conf", Text: []byte(plain)}}, "", "missing 'type'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			choice := Choose(test.files, []byte(own), func(plugin string) error {
				if plugin == "absent" {
					return errors.New("not found")
				}
				return nil
			})
			if choice.File != test.file || (choice.File == "") != (string(choice.List) == own) {
				t.Errorf("chose %q: %s", choice.File, choice.List)
			}
			if told := strings.Join(choice.Refused, "\n"); !strings.Contains(told, test.refused) || (test.refused == "") != (told == "") {
				t.Errorf("refused %q", told)
			}
		})
	}
}

func TestOnePluginBecomesAList(t *testing.T) {
	choice := Choose([]given.File{{Name: "00-a.conf", Text: []byte(`{"cniVersion":"0.3.1","name":"a","type":"bridge"}`)}}, nil, func(string) error { return nil })
	if text := string(choice.List); !strings.Contains(text, `"plugins":[{`) || !strings.Contains(text, `"name":"a"`) {
		t.Error(text)
	}
}
