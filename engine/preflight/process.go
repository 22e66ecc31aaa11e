package preflight

import "golang.org/x/sys/unix"

// Process is this process.
type Process struct {
	UID, PID     int
	Capabilities uint64 // CapEff of /proc/self/status
}

var neededCapabilities = []struct {
	bit  uint
	name string
	user string
}{
	{unix.CAP_SYS_ADMIN, "CAP_SYS_ADMIN", "containerd mounts file systems"},
	{unix.CAP_NET_ADMIN, "CAP_NET_ADMIN", "kube-proxy and the pods' network are set up"},
}

func checkProcess(p Process) (problems []Problem) {
	if p.UID != 0 {
		return []Problem{fatal("start it as root", "the engine runs as user %d; it mounts, makes namespaces and network devices", p.UID)}
	}
	if p.PID == 1 {
		problems = append(problems, fatal("start it from an init, such as BusyBox init, systemd or tini",
			"the engine is process 1, which has to reap the processes that containers leave behind"))
	}
	for _, needed := range neededCapabilities {
		if p.Capabilities&(1<<needed.bit) == 0 {
			problems = append(problems, fatal("in a container, run it privileged", "the process lacks %s, with which %s", needed.name, needed.user))
		}
	}
	return problems
}
