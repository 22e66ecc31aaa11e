package node

import (
	"runtime"
	"testing"
	"time"
)

func TestPaceOfTheCollector(t *testing.T) {
	cases := []struct {
		name    string
		heap    heap
		floor   int64
		target  int64 // MiB
		percent int
	}{
		{"an empty node's start isn't collected below the floor", heap{live: 8 * mebibyte}, 112 * mebibyte, 112, 1300},
		{"once it is ready, a part of what lives", heap{live: 70 * mebibyte}, 0, 105, 50},
		{"what lives beyond the floor counts while it starts, too", heap{live: 180 * mebibyte}, 112 * mebibyte, 270, 50},
		{"stacks and globals grow with it, so the percentage is smaller", heap{live: 100 * mebibyte, roots: 25 * mebibyte}, 0, 150, 40},
		{"nothing lives yet", heap{}, 0, 0, 0},
	}
	for _, c := range cases {
		if target := c.heap.target(c.floor) / mebibyte; target != c.target {
			t.Errorf("%s: target %d MiB, want %d", c.name, target, c.target)
		}
		if percent := c.heap.percent(c.floor); percent != c.percent {
			t.Errorf("%s: %d %%, want %d", c.name, percent, c.percent)
		}
	}
}

func TestMemoryLimitFollowsWhatIsAvailable(t *testing.T) {
	cases := []struct {
		name  string
		heap  heap
		limit int64 // MiB
	}{
		{"plenty", heap{live: 70 * mebibyte, mapped: 130 * mebibyte, available: 600 * mebibyte}, 682},
		{"little", heap{live: 70 * mebibyte, mapped: 130 * mebibyte, available: 60 * mebibyte}, 142},
		{"nothing: what lives, and room to collect", heap{live: 100 * mebibyte, mapped: 140 * mebibyte}, 120},
	}
	for _, c := range cases {
		if limit := c.heap.limit() / mebibyte; limit != c.limit {
			t.Errorf("%s: %d MiB, want %d", c.name, limit, c.limit)
		}
	}
}

func TestStartFloor(t *testing.T) {
	for available, want := range map[int64]int64{350: 50, 784: 112, 8000: 112} {
		if floor := startFloor(available*mebibyte) / mebibyte; floor != want {
			t.Errorf("%d MiB available: floor %d MiB, want %d", available, floor, want)
		}
	}
}

func TestAfterEachCollection(t *testing.T) {
	collected := make(chan struct{}, 10)
	afterEachCollection(func() { collected <- struct{}{} })
	for range 3 { // the first one doesn't use it up
		runtime.GC()
		select {
		case <-collected:
		case <-time.After(10 * time.Second):
			t.Fatal("it was not called after a collection")
		}
	}
}

func TestReadHeap(t *testing.T) {
	runtime.GC()
	h, err := readHeap()
	if err != nil || h.available < mebibyte || h.live == 0 || h.mapped < h.live {
		t.Errorf("%+v, %v", h, err)
	}
}
