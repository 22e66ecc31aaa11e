package preflight

import "slices"

// Cgroups is how the kernel shares out CPU and memory.
type Cgroups struct {
	Unified     bool     // version 2 at /sys/fs/cgroup
	Controllers []string // that can be used there; of version 1: that are mounted
}

// neededControllers: the kubelet ends when one of the first is missing; without the others, some limits
// don't hold.
var neededControllers = []struct {
	name, user string
	fatal      bool
}{
	{"cpu", "the kubelet needs it for requests and limits", true},
	{"cpuset", "the kubelet needs it", true},
	{"memory", "the kubelet needs it for requests and limits", true},
	{"pids", "pods could take all process ids", false},
	{"io", "nobody can tell how much the pods read and write", false},
}

func checkCgroups(c Cgroups) (problems []Problem) {
	if len(c.Controllers) == 0 {
		return []Problem{fatal("mount it: mount -t cgroup2 cgroup2 /sys/fs/cgroup", "there are no control groups at /sys/fs/cgroup, which every pod needs")}
	}
	for _, needed := range neededControllers {
		name, hint := needed.name, "start a kernel that has it, without cgroup_disable= for it, and give it to this group"
		if !c.Unified {
			hint = "mount it below /sys/fs/cgroup"
			if name == "io" {
				name = "blkio"
			}
		}
		if !slices.Contains(c.Controllers, name) {
			problem := warning(hint, "there is no cgroup controller %s: %s", name, needed.user)
			problem.Fatal = needed.fatal
			problems = append(problems, problem)
		}
	}
	return problems
}
