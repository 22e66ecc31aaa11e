package node

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// NeededWatches is how many inotify instances a start needs free: an empty node has 20.
const NeededWatches = 32

const watchLimit = "/proc/sys/fs/inotify/max_user_instances"

// FreeWatches tries how many inotify instances, inotify(7), this user can still have, up to NeededWatches. They are
// counted by user over the whole machine: programs of pods that run as root have theirs from the same count.
func FreeWatches() (free int) {
	for ; free < NeededWatches; free++ {
		descriptor, err := unix.InotifyInit1(unix.IN_CLOEXEC)
		if err != nil {
			return free
		}
		defer unix.Close(descriptor)
	}
	return free
}

// RaiseWatchLimit sees to it that there are enough. It returns the new limit, or 0 when there was nothing to do or it may
// not be changed here.
func RaiseWatchLimit() int {
	if FreeWatches() == NeededWatches {
		return 0
	}
	text, err := os.ReadFile(watchLimit)
	if err != nil {
		return 0
	}
	limit, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	raised := higherWatchLimit(limit)
	if err := os.WriteFile(watchLimit, fmt.Append(nil, raised), 0); err != nil {
		return 0
	}
	return raised
}

// higherWatchLimit is at least what the operating system gives. Pure.
func higherWatchLimit(limit int) int { return max(2*limit, 1024) }
