package node

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestFreeWatches(t *testing.T) {
	if free := FreeWatches(); free == 0 {
		t.Error("not one is free")
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	// The same refusal as when others have all of them, and nobody else feels it.
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 0, Max: limit.Max}); err != nil {
		t.Fatal(err)
	}
	free := FreeWatches()
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if free != 0 {
		t.Errorf("%d are free, though none can be had", free)
	}
}

func TestHigherWatchLimit(t *testing.T) {
	for limit, want := range map[int]int{128: 1024, 1024: 2048} {
		if got := higherWatchLimit(limit); got != want {
			t.Errorf("%d: got %d, want %d", limit, got, want)
		}
	}
}
