package preflight

import (
	"os"
	"strconv"
	"strings"
)

func readProcess() (Process, error) {
	p := Process{UID: os.Geteuid(), PID: os.Getpid(), Capabilities: ^uint64(0)}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return p, err
	}
	p.Capabilities, err = strconv.ParseUint(fieldOf(string(status), "CapEff:"), 16, 64)
	return p, err
}

// fieldOf is what follows a key on its line.
func fieldOf(text, key string) string {
	for line := range strings.Lines(text) {
		if value, found := strings.CutPrefix(line, key); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
