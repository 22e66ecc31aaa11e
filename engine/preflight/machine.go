package preflight

import (
	"time"

	"kubesolo-os/engine/node"
)

// Machine is the rest of the host.
type Machine struct {
	MemoryBytes  uint64 // of the machine, or of the cgroup that the engine is in
	Now          time.Time
	LastKnown    time.Time // the newest of: the engine's file, the database
	LastKnownWhy string
	MachineID    string // of /etc/machine-id
	FreeWatches  int    // inotify instances, counted up to node.NeededWatches
}

// With less, the engine alone doesn't fit; a machine of 384 MB, of which the kernel leaves about 340, is
// the smallest that is tested.
const (
	leastMemory  = 200 << 20
	testedMemory = 320 << 20
	clockSlack   = 24 * time.Hour
)

func checkMachine(m Machine) (problems []Problem) {
	add := func(p Problem) { problems = append(problems, p) }
	switch {
	case m.MemoryBytes < leastMemory:
		add(fatal("give it 512 MB", "there are %d MB of memory; the engine alone needs more", m.MemoryBytes>>20))
	case m.MemoryBytes < testedMemory:
		add(warning("give it 512 MB", "there are %d MB of memory; less than 384 MB is not tested, and leaves little for pods", m.MemoryBytes>>20))
	}
	if m.Now.Before(m.LastKnown.Add(-clockSlack)) {
		add(warning("set it: until then, TLS to other machines such as registries fails, and times of objects are wrong",
			"the clock says %s, which is before %s, %s", m.Now.UTC().Format(time.DateOnly), m.LastKnown.UTC().Format(time.DateOnly), m.LastKnownWhy))
	}
	if m.FreeWatches < node.NeededWatches {
		add(fatal("run: sysctl -w fs.inotify.max_user_instances=1024",
			"only %d inotify instances are free; the engine needs %d", m.FreeWatches, node.NeededWatches))
	}
	if len(m.MachineID) != 32 {
		add(warning("write one: tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id",
			"/etc/machine-id does not hold 32 hexadecimal digits: the node won't have an identity that outlives its name"))
	}
	return problems
}
