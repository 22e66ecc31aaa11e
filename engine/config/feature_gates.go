package config

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// FeatureGatesText has a line for each gate of this Kubernetes: its name, how it is by default, and the gates that have to be on when it
// is. on! and off! are locked; own: the engine sets it; all: stands for many others. A test of components writes it from Kubernetes
// itself, and the check of a node's configuration has the same text.
//
//go:embed feature-gates.txt
var FeatureGatesText string

// OwnGates are those that the engine sets: they are one set for all components of the process.
var OwnGates = map[string]bool{
	// There is one API server. What several need to find each other is 760 KB of writes a minute.
	"APIServerIdentity": false, "UnknownVersionInteroperabilityProxy": false,
	// kube-proxy answers at node ports of 127.0.0.1, too.
	"KubeProxyNFTablesLocalhostNodePorts": true,
}

const featureGatesKey = "kubernetes.featureGates"

type gate struct {
	state string
	needs []string
}

var gates = sync.OnceValue(func() map[string]gate {
	known := map[string]gate{}
	for line := range strings.Lines(FeatureGatesText) {
		words := strings.Fields(line)
		known[words[0]] = gate{words[1], words[2:]}
	}
	return known
})

var featureGates = field{
	shape: pairs,
	set: func(c *Config, text string) string {
		values := map[string]bool{}
		for _, part := range split(text) {
			name, value, _ := strings.Cut(part, "=")
			_, again := values[name]
			on, err := strconv.ParseBool(value)
			if again || err != nil || !gates()[name].canBe(on) {
				return part
			}
			values[name] = on
		}
		c.FeatureGates = values
		return ""
	},
	get: func(c *Config) any {
		texts := map[string]string{}
		for name, on := range c.FeatureGates {
			texts[name] = strconv.FormatBool(on)
		}
		return texts
	},
}

func (g gate) canBe(on bool) bool {
	switch g.state {
	case "on", "off":
		return true
	case "on!", "off!":
		return on == (g.state == "on!")
	}
	return false
}

// whyNoGate is about one part of what was given.
func whyNoGate(part string) string {
	name, value, _ := strings.Cut(part, "=")
	_, err := strconv.ParseBool(value)
	found, isKnown := gates()[name]
	switch {
	case !isKnown:
		return "this Kubernetes has no such feature gate" + suggestion(name, slices.Sorted(maps.Keys(gates())))
	case found.state == "own":
		return "the engine sets it itself: leave it out"
	case found.state == "all":
		return "name each gate by itself"
	case err == nil && !found.canBe(!found.isOn()):
		return fmt.Sprintf("it is locked: it can only be %t", found.isOn())
	}
	return "right would be true or false, once"
}

func (g gate) isOn() bool { return strings.HasPrefix(g.state, "on") }

// checkGates: a gate counts on others.
func (r *Resolved) checkGates() (problems []string) {
	said := r.Config.FeatureGates
	isOn := func(name string) bool {
		if on, isSaid := said[name]; isSaid {
			return on
		}
		if on, isOwn := OwnGates[name]; isOwn {
			return on
		}
		return gates()[name].isOn()
	}
	for _, name := range slices.Sorted(maps.Keys(gates())) {
		for _, needed := range gates()[name].needs {
			if isOn(name) && !isOn(needed) {
				problems = append(problems, fmt.Sprintf("%s: %s is on, and needs %s: set both to the same", r.originOf(featureGatesKey), name, needed))
			}
		}
	}
	return problems
}
