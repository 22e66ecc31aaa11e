package node

import (
	"fmt"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"
)

const mebibyte = 1 << 20

// What the garbage collector is told. While the components start, most of what is allocated stays: where
// there is memory, only the limit makes it collect. Where there is little, it collects all the time: that costs
// a twentieth of the start's CPU time, and what stays lies closer together, on 30 MB less. Afterwards little is
// allocated and memory is what's scarce.
const (
	small            = 768 * mebibyte
	collectOnSmall   = 100
	collectOnLarge   = -1
	collectWhenReady = 40
	settleTime       = 10 * time.Second
)

// LimitMemory sets the collector up for the start.
func LimitMemory() error {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return fmt.Errorf("cannot read the size of the memory: %w", err)
	}
	machine := int64(info.Totalram) * int64(info.Unit)
	debug.SetGCPercent(collectWhileStarting(machine))
	debug.SetMemoryLimit(memoryLimit(machine))
	return nil
}

// collectWhileStarting is how much the heap may grow, in percent, before it is collected. Pure.
func collectWhileStarting(machine int64) int {
	if machine < small {
		return collectOnSmall
	}
	return collectOnLarge
}

// memoryLimit leaves room for the program's own text (130 MB), the kernel and some pods. Below
// 160 MB the collector would run all the time and the node would never get ready. Pure.
func memoryLimit(machine int64) int64 {
	return max(machine-256*mebibyte, 160*mebibyte)
}

// ReturnMemory gives back, a little after the start, what only the start needed.
func ReturnMemory() {
	time.AfterFunc(settleTime, func() {
		debug.SetGCPercent(collectWhenReady)
		debug.FreeOSMemory()
	})
}
