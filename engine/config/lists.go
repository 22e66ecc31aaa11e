package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// listsOf: each name has one value or more.
func listsOf[T fmt.Stringer](at func(*Config) *map[string][]T, nameOf func(string) (string, bool), parse func(string) (T, bool), most int) field {
	return field{
		shape: lists,
		set: func(c *Config, text string) string {
			values := map[string][]T{}
			for _, part := range split(text) {
				key, all, isPair := strings.Cut(part, "=")
				name, isName := nameOf(key)
				if _, again := values[name]; !isPair || !isName || again {
					return part
				}
				for item := range strings.SplitSeq(all, "+") {
					value, isRight := parse(strings.TrimSpace(item))
					if !isRight || len(values[name]) == most {
						return part
					}
					values[name] = append(values[name], value)
				}
			}
			*at(c) = values
			return ""
		},
		get: func(c *Config) any {
			texts := map[string][]string{}
			for name, values := range *at(c) {
				for _, value := range values {
					texts[name] = append(texts[name], value.String())
				}
			}
			return texts
		},
	}
}

// joinedLists puts '+' between the values of a list; a single one may stand without a list around it.
func joinedLists(nodes []*yaml.Node) (string, bool) {
	var items []string
	for pair := range slices.Chunk(nodes, 2) {
		name, value := pair[0], pair[1]
		values := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			values = value.Content
		}
		var texts []string
		for _, each := range values {
			if each.Kind != yaml.ScalarNode {
				return "", false
			}
			texts = append(texts, each.Value)
		}
		items = append(items, name.Value+"="+strings.Join(texts, "+"))
	}
	return strings.Join(items, ","), true
}
