package cni

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// told collects what is said.
type told struct {
	mutex sync.Mutex
	lines []string
}

func (t *told) tell(format string, args ...any) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.lines = append(t.lines, fmt.Sprintf(format, args...))
}

func (t *told) has(part string) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return slices.ContainsFunc(t.lines, func(line string) bool { return strings.Contains(line, part) })
}

func put(t *testing.T, text string, mode os.FileMode, parts ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(parts...), []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func TestFollow(t *testing.T) {
	folder, plugins, runtime := t.TempDir(), t.TempDir(), t.TempDir()
	said := &told{}
	f := &Follower{Folder: folder, Plugins: []string{plugins, filepath.Join(folder, "absent")}, Target: filepath.Join(runtime, "pods.conflist"),
		Own: []byte(own), OwnFile: "10-kubesolo.conflist", Tell: said.tell, LeftOut: func(why string) { said.tell("%s", why) }}
	if err := f.Settle(); err != nil {
		t.Fatal(err)
	}
	is := func(part string) func() bool {
		return func() bool {
			text, _ := os.ReadFile(f.Target)
			return strings.Contains(string(text), part)
		}
	}
	wait := func(what string, holds func() bool) {
		t.Helper()
		for limit := time.Now().Add(10 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatalf("waited too long for %s; told: %q", what, said.lines)
			}
		}
	}
	if !is(own)() || !f.IsOwn() {
		t.Fatal("the engine's own isn't what counts without another one")
	}
	go func() {
		if err := f.Follow(t.Context()); err != nil {
			t.Error(err)
		}
	}()

	put(t, `{"cniVersion":"1.0.0","name":"other","type":"other"}`, 0o600, folder, "00-other.conf")
	wait("a plugin that isn't there to be told", func() bool { return said.has(`00-other.conf: its plugin "other" can't be run`) })
	if !is(own)() {
		t.Error("a configuration counts whose plugin isn't there")
	}
	put(t, "#!/bin/sh\n", 0o755, plugins, "other")
	wait("the other one to count", is(`"other"`))
	if f.IsOwn() || !said.has("new pods are connected as "+filepath.Join(folder, "00-other.conf")) {
		t.Errorf("told: %q", said.lines)
	}
	if err := os.Remove(filepath.Join(folder, "00-other.conf")); err != nil {
		t.Fatal(err)
	}
	wait("the engine's own to count again", is(own))
}

func TestWhatIsNoFileEndsNothing(t *testing.T) {
	folder, said := t.TempDir(), &told{}
	if err := syscall.Mkfifo(filepath.Join(folder, "00-pipe.conf"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, each := range []string{folder, filepath.Join(folder, "absent")} {
		f := &Follower{Folder: each, Target: filepath.Join(t.TempDir(), "a"), Own: []byte(own), Tell: said.tell, LeftOut: func(why string) { said.tell("%s", why) }}
		if err := f.Settle(); err != nil || !f.IsOwn() {
			t.Errorf("%s: %v", each, err)
		}
	}
	if !said.has("00-pipe.conf: it is a pipe, not a file") {
		t.Errorf("told: %q", said.lines)
	}
}
