package preflight

import (
	"cmp"
	"fmt"
	"slices"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/node"
)

// Facts are all that the checks look at.
type Facts struct {
	Holder    Holder
	Process   Process
	Kernel    Kernel
	Cgroups   Cgroups
	Programs  Programs
	Listeners []Listener // those on the engine's ports only
	State     State
	Machine   Machine
	Overlaps  []string // networks of the host that are also the cluster's
	Unknown   []string // what could not be read, and why
}

// Read looks at the host. It starts no process and leaves nothing behind; what it can't find out is in
// Unknown, and looks as if all was well.
func Read(c config.Config) Facts {
	var f Facts
	note := func(what string, err error) {
		if err != nil {
			f.Unknown = append(f.Unknown, fmt.Sprintf("%s: %v", what, err))
		}
	}
	var err error
	f.Holder, err = readHolder(c.Path)
	note("whether another engine runs", err)
	f.Process, err = readProcess()
	note("what this process may do", err)
	f.Kernel = readKernel(note)
	f.Cgroups, err = readCgroups()
	note("which control groups there are", err)
	f.Programs = readPrograms(c)
	f.Listeners, err = readListeners(c)
	note("which ports are taken", err)
	f.State = readState(c, note)
	f.Machine = readMachine(c, note)
	f.Overlaps, err = node.Overlaps(c)
	note("which networks this host is in", err)
	return f
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
