package config

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Print is the configuration as a file that would give the same one. Comments say who gave a value;
// secrets are masked unless asked for.
func (r Resolved) Print(showSecrets bool) (string, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	child(root, "apiVersion").SetString(apiVersion)
	child(root, "kind").SetString(kind)
	for i := range settings {
		each := &settings[i]
		if each.key == "" {
			continue
		}
		node := root
		for name := range strings.SplitSeq(each.key, ".") {
			node = child(node, name)
		}
		if err := encode(node, each.field.get(&r.written)); err != nil {
			return "", fmt.Errorf("cannot print %s: %w", each.key, err)
		}
		node.Style |= flowOfCollections(node)
		node.LineComment = strings.TrimSuffix(r.winners[each].origin, ": "+each.key)
		if each.secret && !showSecrets && node.Value != "" {
			node.SetString(mask)
			node.LineComment += "; --show-secrets shows it"
		}
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	err := encoder.Encode(root)
	return text.String(), err
}

// flowOfCollections keeps a list on the line of its comment.
func flowOfCollections(node *yaml.Node) yaml.Style {
	if node.Kind == yaml.ScalarNode {
		return 0
	}
	return yaml.FlowStyle
}

// child is the value of a key of a mapping; it is made when it isn't there.
func child(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1]
		}
	}
	key, value := &yaml.Node{}, &yaml.Node{Kind: yaml.MappingNode}
	key.SetString(name)
	mapping.Content = append(mapping.Content, key, value)
	return value
}

// encode replaces a node by a value; an empty list or mapping is written as [] or {}.
func encode(node *yaml.Node, value any) error {
	switch value := value.(type) {
	case []string:
		if value == nil {
			return node.Encode([]string{})
		}
	case map[string]string:
		if value == nil {
			return node.Encode(map[string]string{})
		}
	case map[string][]string:
		if value == nil {
			return node.Encode(map[string][]string{})
		}
	}
	return node.Encode(value)
}
