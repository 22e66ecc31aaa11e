package preflight

import (
	"os"
	"strings"
)

const cgroupFolder = "/sys/fs/cgroup"

// readCgroups: version 2 lists its controllers in a file, version 1 has them as mount options.
func readCgroups() (Cgroups, error) {
	mounts, err := readMounts()
	if err != nil {
		return Cgroups{}, err
	}
	if mounts.of(cgroupFolder).path == cgroupFolder && mounts.of(cgroupFolder).fileSystem == "cgroup2" {
		text, err := os.ReadFile(cgroupFolder + "/cgroup.controllers")
		return Cgroups{Unified: true, Controllers: strings.Fields(string(text))}, err
	}
	var c Cgroups
	for _, mount := range mounts {
		if mount.fileSystem == "cgroup" && strings.HasPrefix(mount.path, cgroupFolder+"/") {
			c.Controllers = append(c.Controllers, strings.Split(mount.options, ",")...)
		}
	}
	return c, nil
}
