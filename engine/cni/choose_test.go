package cni

import (
	"errors"
	"strings"
	"testing"
)

const own = `{"name":"kubesolo"}`

func TestChoose(t *testing.T) {
	const multus = `{"cniVersion":"1.0.0","name":"multus","type":"multus-shim"}`
	const mesh = `{"cniVersion":"1.0.0","name":"kubesolo","plugins":[{"type":"bridge","ipam":{"type":"host-local"}},{"type":"mesh"}]}`
	const plain = `{"cniVersion":"1.0.0","name":"kubesolo","plugins":[{"type":"bridge","ipam":{"type":"host-local"}}]}`
	for _, test := range []struct {
		name    string
		files   []File
		file    string
		refused string
	}{
		{"nothing", nil, "", ""},
		{"the engine's", []File{{"10-kubesolo.conflist", []byte(plain)}}, "10-kubesolo.conflist", ""},
		{"the first by name", []File{{"10-kubesolo.conflist", []byte(plain)}, {"00-multus.conf", []byte(multus)}}, "00-multus.conf", ""},
		{"one that comes later doesn't count", []File{{"99-other.conf", []byte(multus)}, {"10-kubesolo.conflist", []byte(plain)}}, "10-kubesolo.conflist", ""},
		{"a plugin added to the engine's", []File{{"10-kubesolo.conflist", []byte(mesh)}}, "10-kubesolo.conflist", ""},
		{"no JSON", []File{{"00-bad.conflist", []byte("{")}, {"10-kubesolo.conflist", []byte(plain)}}, "10-kubesolo.conflist", "00-bad.conflist: "},
		{"nothing in it", []File{{"00-bad.conf", nil}}, "", "00-bad.conf: "},
		{"no plugins", []File{{"00-bad.conflist", []byte(`{"cniVersion":"1.0.0","name":"a","plugins":[]}`)}}, "", "00-bad.conflist: "},
		{"no type", []File{{"00-bad.conf", []byte(`{"cniVersion":"1.0.0","name":"a"}`)}}, "", "missing 'type'"},
		{"a name that can't be", []File{{"00-bad.conf", []byte(`{"cniVersion":"1.0.0","name":"../a","type":"bridge"}`)}}, "", "invalid characters"},
		{"a plugin that isn't there", []File{{"00-a.conf", []byte(`{"cniVersion":"1.0.0","name":"a","type":"absent"}`)}, {"10-kubesolo.conflist", []byte(plain)}},
			"10-kubesolo.conflist", `00-a.conf: its plugin "absent" can't be run: not found`},
		{"nobody to give addresses", []File{{"00-a.conf", []byte(`{"cniVersion":"1.0.0","name":"a","type":"bridge","ipam":{"type":"absent"}}`)}}, "", `"absent"`},
		{"a list by the wrong ending", []File{{"00-a.conf", []byte(plain)}}, "", "missing 'type'"},
		{"files that are none", []File{{"README", []byte("text")}, {"multus.kubeconfig", []byte("text")}}, "", ""},
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
	choice := Choose([]File{{"00-a.conf", []byte(`{"cniVersion":"0.3.1","name":"a","type":"bridge"}`)}}, nil, func(string) error { return nil })
	if text := string(choice.List); !strings.Contains(text, `"plugins":[{`) || !strings.Contains(text, `"name":"a"`) {
		t.Error(text)
	}
}
