package preflight

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/node"
)

func readMachine(c config.Config, note func(string, error)) Machine {
	m := Machine{MemoryBytes: testedMemory, Now: time.Now(), FreeWatches: node.FreeWatches()}
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		note("how much memory there is", err)
	} else {
		m.MemoryBytes = uint64(info.Totalram) * uint64(info.Unit)
	}
	if limit, found := readMemoryLimit(); found {
		m.MemoryBytes = min(m.MemoryBytes, limit)
	}
	program, err := os.Executable()
	note("where this program is", err)
	for _, known := range []struct{ file, why string }{
		{program, "when this program was made"},
		{c.EarlierDatabase(), "when the database was last written"},
		{c.DatabaseFile(), "when the database was last written"},
		{c.DatabaseFile() + "-wal", "when the database was last written"},
	} {
		if status, err := os.Stat(known.file); err == nil && status.ModTime().After(m.LastKnown) {
			m.LastKnown, m.LastKnownWhy = status.ModTime(), known.why
		}
	}
	id, _ := os.ReadFile("/etc/machine-id") // as good as empty
	m.MachineID = strings.TrimSpace(string(id))
	return m
}

// readMemoryLimit is that of the group that the engine is in; there is none at the root.
func readMemoryLimit() (uint64, bool) {
	group, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return 0, false
	}
	path := fieldOf(string(group), "0::")
	text, err := os.ReadFile(filepath.Join(cgroupFolder, path, "memory.max"))
	if err != nil {
		return 0, false
	}
	limit, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64) // or "max"
	return limit, err == nil
}
