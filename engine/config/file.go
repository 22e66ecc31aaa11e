package config

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// File is a configuration file as it was read. The zero value is one that isn't there.
type File struct {
	Name    string
	Content []byte
	Problem string // why it could not be used; "" means: it can
	Warning string
}

// What upstream calls its document.
const (
	apiVersion = "kubesolo.io/v1alpha1"
	kind       = "Config"
)

// parse returns the values in the file, and what is wrong with it.
func (f File) parse() ([]given, []string) {
	if f.Problem != "" {
		return nil, []string{f.Problem}
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(f.Content)))
	var document, second yaml.Node
	err := decoder.Decode(&document)
	if errors.Is(err, io.EOF) {
		return nil, nil // empty, or comments only
	}
	if err != nil {
		return nil, []string{fmt.Sprintf("%s: not YAML: %s", f.Name, strings.TrimPrefix(err.Error(), "yaml: "))}
	}
	reader := fileReader{name: f.Name}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		reader.report(&document, "", "one document a file; there are several")
	}
	reader.mapping(document.Content[0], "")
	return reader.values, reader.problems
}

// fileReader walks through a document by hand: only so does every mistake have its line.
type fileReader struct {
	name     string
	values   []given
	problems []string
}

func (r *fileReader) origin(node *yaml.Node, key string) string {
	return strings.TrimSuffix(fmt.Sprintf("%s:%d: %s", r.name, node.Line, key), ": ")
}

func (r *fileReader) report(node *yaml.Node, key, format string, args ...any) {
	r.problems = append(r.problems, r.origin(node, key)+": "+fmt.Sprintf(format, args...))
}

// mapping reads the keys below one key; prefix is that key, "" at the top.
func (r *fileReader) mapping(node *yaml.Node, prefix string) {
	if node.Tag == "!!null" {
		return // a key whose contents are all commented out
	}
	if node.Kind != yaml.MappingNode {
		r.report(node, prefix, "must hold keys: %s", strings.Join(keysBelow(prefix), ", "))
		return
	}
	var seen []string
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		key := strings.TrimPrefix(prefix+"."+name.Value, ".")
		if slices.Contains(seen, key) {
			r.report(name, key, "is there twice")
			continue
		}
		seen = append(seen, key)
		r.entry(name, value, key)
	}
}

func (r *fileReader) entry(name, value *yaml.Node, key string) {
	found := settingOfKey(key)
	switch {
	case key == "apiVersion" || key == "kind":
		r.header(value, key)
	case found != nil:
		r.value(value, found)
	case len(keysBelow(key)) > 0:
		r.mapping(value, key)
	default:
		r.report(name, key, "unknown key%s", suggestKey(key))
	}
}

func (r *fileReader) header(value *yaml.Node, key string) {
	want := map[string]string{"apiVersion": apiVersion, "kind": kind}[key]
	if value.Value != want {
		r.report(value, key, "bad value %q; right would be %s", value.Value, want)
	}
}

func (r *fileReader) value(node *yaml.Node, found *setting) {
	text, isText := flatten(node, found.field.shape)
	if !isText {
		r.report(node, found.key, "must be %s; right would be %s", shapeNames[found.field.shape], found.rightValue())
		return
	}
	r.values = append(r.values, given{found, text, r.origin(node, found.key)})
}

var shapeNames = map[shape]string{
	single: "one value", boolean: "one value", list: "a list of values", pairs: "a mapping of names to values",
	lists: "a mapping of names to lists of values",
}

// flatten turns a value of the file into the text that it would be as a flag.
func flatten(node *yaml.Node, shape shape) (string, bool) {
	switch {
	case node.Tag == "!!null":
		return "", true
	case node.Kind == yaml.ScalarNode:
		return node.Value, true
	case node.Kind == yaml.SequenceNode && shape == list:
		return joined(node.Content, 1)
	case node.Kind == yaml.MappingNode && shape == pairs:
		return joined(node.Content, 2)
	case node.Kind == yaml.MappingNode && shape == lists:
		return joinedLists(node.Content)
	}
	return "", false
}

// joined puts '=' between the parts of each item, and ',' between the items.
func joined(nodes []*yaml.Node, partsEach int) (string, bool) {
	var items []string
	for item := range slices.Chunk(nodes, partsEach) {
		var parts []string
		for _, node := range item {
			if node.Kind != yaml.ScalarNode {
				return "", false
			}
			parts = append(parts, node.Value)
		}
		items = append(items, strings.Join(parts, "="))
	}
	return strings.Join(items, ","), true
}

func settingOfKey(key string) *setting {
	return settingWhere(func(s setting) bool { return key != "" && s.key == key })
}

// settingWhere finds one of ours, or of those that only upstream has.
func settingWhere(isIt func(setting) bool) *setting {
	for _, table := range [][]setting{settings, absentSettings} {
		if i := slices.IndexFunc(table, isIt); i >= 0 {
			return &table[i]
		}
	}
	return nil
}

// keysBelow are the names that may come directly below a key.
func keysBelow(prefix string) []string {
	var names []string
	if prefix == "" {
		names = []string{"apiVersion", "kind"}
	}
	for _, each := range slices.Concat(settings, absentSettings) {
		rest, isBelow := strings.CutPrefix("."+each.key, strings.TrimSuffix("."+prefix, ".")+".")
		name, _, _ := strings.Cut(rest, ".")
		if isBelow && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
