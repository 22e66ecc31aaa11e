package policy

import (
	"fmt"
	"slices"
	"strings"

	"kubesolo-os/engine/nftables"
)

// Table is ours alone; nothing else in the system writes to it, and nothing here to another one.
const Table = "inet kubesolo-policy"

// Ruleset is the whole table. Pods coming and going change only elements; policies change the rest.
type Ruleset struct {
	Sets   []Set
	Chains []Chain
}

// Set is a named set, or a verdict map: from the address of a pod to the chain with its policies.
type Set struct {
	Kind     string // "set" or "map"
	Name     string
	Type     string
	Elements []Element // sorted
}

// Element is one of a set; Verdict is for maps.
type Element struct{ Key, Verdict string }

// Chain is a list of rules; Hook says where a base chain is called from.
type Chain struct {
	Name  string
	Hook  string
	Rules []string
}

// Replace is the script that puts the ruleset in place of whatever is there, in one transaction. Only
// the table's absence is left when there are no chains.
func (r Ruleset) Replace() string {
	var text strings.Builder
	text.WriteString(nftables.Remove(Table))
	if len(r.Chains) == 0 {
		return text.String()
	}
	fmt.Fprintf(&text, "table %s {\n", Table)
	for _, set := range r.Sets {
		set.declare(&text)
	}
	for _, chain := range r.Chains {
		chain.declare(&text)
	}
	text.WriteString("}\n")
	return text.String()
}

func (s Set) declare(text *strings.Builder) {
	fmt.Fprintf(text, "\t%s %s {\n\t\ttype %s\n", s.Kind, s.Name, s.Type)
	if len(s.Elements) > 0 {
		fmt.Fprintf(text, "\t\telements = {\n\t\t\t%s\n\t\t}\n", joinElements(s.Elements, ",\n\t\t\t"))
	}
	text.WriteString("\t}\n")
}

func (c Chain) declare(text *strings.Builder) {
	fmt.Fprintf(text, "\tchain %s {\n", c.Name)
	if c.Hook != "" {
		fmt.Fprintf(text, "\t\t%s\n", c.Hook)
	}
	for _, rule := range c.Rules {
		fmt.Fprintf(text, "\t\t%s\n", rule)
	}
	text.WriteString("\t}\n")
}

// Change is the script that turns the kernel's ruleset r into next, in one transaction; "" when they are
// the same.
func (r Ruleset) Change(next Ruleset) string {
	if !r.sameStructure(next) {
		return next.Replace()
	}
	var text strings.Builder
	for i, set := range next.Sets {
		gone, added := difference(r.Sets[i].Elements, set.Elements)
		// Deletions first: a key may come back with another verdict.
		if len(gone) > 0 {
			fmt.Fprintf(&text, "delete element %s %s { %s }\n", Table, set.Name, joinElements(gone, ", "))
		}
		if len(added) > 0 {
			fmt.Fprintf(&text, "add element %s %s { %s }\n", Table, set.Name, joinElements(added, ", "))
		}
	}
	return text.String()
}

func (r Ruleset) sameStructure(other Ruleset) bool {
	return slices.EqualFunc(r.Chains, other.Chains, func(a, b Chain) bool {
		return a.Name == b.Name && a.Hook == b.Hook && slices.Equal(a.Rules, b.Rules)
	}) && slices.EqualFunc(r.Sets, other.Sets, func(a, b Set) bool {
		return a.Kind == b.Kind && a.Name == b.Name && a.Type == b.Type
	})
}

// difference walks two sorted lists.
func difference(old, next []Element) (gone, added []Element) {
	for len(old) > 0 && len(next) > 0 {
		switch order := compareElements(old[0], next[0]); {
		case order == 0:
			old, next = old[1:], next[1:]
		case order < 0:
			gone, old = append(gone, old[0]), old[1:]
		default:
			added, next = append(added, next[0]), next[1:]
		}
	}
	return append(gone, old...), append(added, next...)
}

func compareElements(a, b Element) int {
	if order := strings.Compare(a.Key, b.Key); order != 0 {
		return order
	}
	return strings.Compare(a.Verdict, b.Verdict)
}

func joinElements(elements []Element, separator string) string {
	var text strings.Builder
	for i, element := range elements {
		if i > 0 {
			text.WriteString(separator)
		}
		text.WriteString(element.Key)
		if element.Verdict != "" {
			text.WriteString(" : " + element.Verdict)
		}
	}
	return text.String()
}
