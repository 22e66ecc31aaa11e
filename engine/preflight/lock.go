package preflight

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
)

// Lock keeps other engines off the same state, as long as the result is open. It locks the folder, not a
// file in it: that needs no room on a full disk.
func Lock(path string) (*os.File, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(folder.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return folder, nil
	}
	folder.Close()
	if errors.Is(err, unix.EWOULDBLOCK) { // since Check, or by one that can't be seen from here
		return nil, Refusal{checkHolder(Holder{Present: true}, config.Config{Path: path})[0].String()}
	}
	return nil, fmt.Errorf("cannot lock %s: %w", path, err)
}

// readHolder finds who holds that lock.
func readHolder(path string) (Holder, error) {
	var status unix.Stat_t
	if err := unix.Stat(path, &status); err != nil {
		return Holder{}, nil // no folder, no engine
	}
	locks, err := os.ReadFile("/proc/locks")
	pid := holderOf(string(locks), status)
	return Holder{Present: pid != 0, PID: pid}, err
}

// holderOf reads the format of /proc/locks, proc_locks(5): number FLOCK ADVISORY WRITE pid major:minor:inode
// start end. 0 means that it isn't there: such processes of other PID namespaces are left out. Pure.
func holderOf(locks string, status unix.Stat_t) int {
	file := fmt.Sprintf("%02x:%02x:%d", unix.Major(uint64(status.Dev)), unix.Minor(uint64(status.Dev)), status.Ino)
	for line := range strings.Lines(locks) {
		fields := strings.Fields(line)
		if len(fields) >= 6 && fields[1] == "FLOCK" && fields[5] == file {
			pid, _ := strconv.Atoi(fields[4])
			return max(pid, 0)
		}
	}
	return 0
}
