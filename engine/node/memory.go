package node

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"time"
)

const mebibyte = 1 << 20

// How the collector is paced. Until the heap has reached a floor nothing is collected: while an empty node starts, most of
// what is allocated stays, and looking at it again and again would be half of a start's CPU time. Above, it may grow by a
// part of what lives, however much that is: with many objects and kinds, what a start leaves behind is several times that.
const (
	growth       = 0.5
	largestFloor = 112 * mebibyte
	settleTime   = 10 * time.Second

	// spare is what the heap leaves to the kernel and to pods that grow, of what was available.
	spare = 48 * mebibyte
	// leastGrowth keeps the collector from running all the time when nothing is available: pods then feel it, by the
	// kubelet's evictions, and the API stays up.
	leastGrowth = 0.1
)

// heap is what the collector found, and what the machine has left; bytes.
type heap struct {
	live      int64 // after the last collection
	roots     int64 // stacks and globals: the collector lets the heap grow by a part of them, too
	mapped    int64 // by the runtime, from the kernel
	available int64 // MemAvailable
}

// target is how large the heap may get before it is collected. Pure.
func (h heap) target(floor int64) int64 {
	return max(floor, h.live+int64(growth*float64(h.live)))
}

// percent is the target in the collector's own unit: growth in percent of what lives and the roots. Pure.
func (h heap) percent(floor int64) int {
	return int(100 * (h.target(floor) - h.live) / max(1, h.live+h.roots))
}

// limit is what all of the runtime's memory stays below if it can: what it has and what the machine has left. Pure.
func (h heap) limit() int64 {
	// What is mapped and not live is garbage, stacks and the runtime's own: a quarter of it is taken to be needed.
	least := h.live + int64(leastGrowth*float64(h.live)) + max(0, h.mapped-h.live)/4
	return max(least, h.mapped+h.available-spare)
}

// startFloor is the heap that a start may fill without being collected: little, on a machine that has little. Pure.
func startFloor(available int64) int64 {
	return min(available/7, largestFloor)
}

// floor is startFloor until a little after the start.
var floor atomic.Int64

// LimitMemory paces the collector from now on, anew after each collection.
func LimitMemory() error {
	h, err := readHeap()
	if err != nil {
		return err
	}
	floor.Store(startFloor(h.available))
	pace(h)
	afterEachCollection(func() {
		if h, err := readHeap(); err == nil {
			pace(h)
		}
	})
	return nil
}

// ReturnMemory gives back, a little after the start, what only the start needed.
func ReturnMemory() {
	time.AfterFunc(settleTime, func() {
		floor.Store(0)
		debug.FreeOSMemory()
	})
}

func pace(h heap) {
	debug.SetGCPercent(h.percent(floor.Load()))
	debug.SetMemoryLimit(h.limit())
}

// afterEachCollection does it again and again: what nothing points to is found by a collection.
func afterEachCollection(do func()) {
	var again func(int)
	again = func(int) {
		do()
		runtime.AddCleanup(&[64]byte{}, again, 0)
	}
	runtime.AddCleanup(&[64]byte{}, again, 0)
}

func readHeap() (heap, error) {
	available, err := readAvailable()
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
		{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(samples)
	value := func(i int) int64 { return int64(samples[i].Value.Uint64()) }
	return heap{live: value(0), roots: value(1) + value(2), mapped: value(3) - value(4), available: available}, err
}

// readAvailable is MemAvailable of /proc/meminfo, proc_meminfo(5), in bytes.
func readAvailable() (int64, error) {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, fmt.Errorf("cannot read how much memory is available: %w", err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if text, found := strings.CutPrefix(lines.Text(), "MemAvailable:"); found {
			var kibibytes int64
			_, err := fmt.Sscan(text, &kibibytes)
			return kibibytes << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/meminfo has no MemAvailable")
}
