// Package components holds each part of Kubernetes as a lifecycle.Unit: its arguments as data, and the
// few lines that start it. Their own commands are never used: they install signal handlers and
// call os.Exit.
package components

import (
	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
)

// parse gives a component its arguments. The sets are the component's flags.
func parse(name string, sets map[string]*pflag.FlagSet, arguments []string) error {
	all := newFlagSet(name)
	for _, set := range sets {
		all.AddFlagSet(set)
	}
	return all.Parse(arguments)
}

func newFlagSet(name string) *pflag.FlagSet {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	flags.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	return flags
}
