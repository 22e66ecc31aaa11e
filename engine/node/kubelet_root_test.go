package node

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inOwnMounts gives the test's thread mounts of its own, which end with it.
func inOwnMounts(t *testing.T) {
	t.Helper()
	runtime.LockOSThread() // never unlocked: the thread ends with the test
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		t.Fatalf("cannot make a mount namespace (the tests need root): %v", err)
	}
	mount(t, "", "/", unix.MS_REC|unix.MS_PRIVATE)
}

func mount(t *testing.T, source, target string, flags uintptr) {
	t.Helper()
	if err := unix.Mount(source, target, "", flags, ""); err != nil {
		t.Fatalf("mount %s %s: %v", source, target, err)
	}
}

func write(t *testing.T, text string, parts ...string) string {
	t.Helper()
	path := filepath.Join(parts...)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

func TestBindKubeletState(t *testing.T) {
	tests := []struct {
		name  string
		setup func(t *testing.T, state, root string)
		hides bool
	}{
		{"a new node", func(*testing.T, string, string) {}, false},
		{"an empty root", func(t *testing.T, _, root string) { os.MkdirAll(root, 0o755) }, false},
		{"a root where pods of an older engine made folders", func(t *testing.T, _, root string) { write(t, "", root, "plugins", "file") }, true},
		{"a start of before did it", func(t *testing.T, state, root string) {
			if _, err := BindKubeletState(state, root); err != nil {
				t.Fatal(err)
			}
			write(t, "", root, "pods", "file")
		}, false},
		{"a link that leads there", func(t *testing.T, state, root string) {
			os.MkdirAll(state, 0o755)
			os.MkdirAll(filepath.Dir(root), 0o755)
			os.Symlink(state, root)
		}, false},
		{"the state was removed and made anew", func(t *testing.T, state, root string) {
			if _, err := BindKubeletState(state, root); err != nil {
				t.Fatal(err)
			}
			os.RemoveAll(state)
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inOwnMounts(t)
			folder := t.TempDir()
			state, root := filepath.Join(folder, "kubesolo/kubelet"), filepath.Join(folder, "root")
			defer func() {
				for unix.Unmount(root, unix.MNT_DETACH) == nil {
				}
			}()
			test.setup(t, state, root)
			hides, err := BindKubeletState(state, root)
			if err != nil || hides != test.hides {
				t.Fatalf("hides %v, %v", hides, err)
			}
			write(t, "seen", state, "a")
			if got := read(t, root, "a"); got != "seen" {
				t.Errorf("at the root is %q", got)
			}
		})
	}
}

func TestTheRootIsAFile(t *testing.T) {
	root := write(t, "", t.TempDir(), "root")
	if _, err := BindKubeletState(t.TempDir(), root); err == nil {
		t.Error("no error")
	}
}

// A node that is updated while its pods run: their volumes were mounted below the state.
func TestWhatAnOlderEngineMounted(t *testing.T) {
	inOwnMounts(t)
	folder := t.TempDir()
	state, root := filepath.Join(folder, "state"), filepath.Join(folder, "root")
	volume := filepath.Join(state, "pods/a/volumes/token")
	os.MkdirAll(volume, 0o755)
	mount(t, state, state, unix.MS_BIND)
	mount(t, "", state, unix.MS_SHARED)
	defer unix.Unmount(state, unix.MNT_DETACH)
	mount(t, folder, volume, unix.MS_BIND)
	if _, err := BindKubeletState(state, root); err != nil {
		t.Fatal(err)
	}
	defer unix.Unmount(root, unix.MNT_DETACH)
	seen := filepath.Join(root, "pods/a/volumes/token")
	if same, err := isSameFolder(seen, folder); err != nil || !same {
		t.Fatalf("the volume isn't seen at the root: %v", err)
	}
	if err := unix.Unmount(seen, 0); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(root, "pods")); err != nil {
		t.Errorf("the pod's folder can't be removed: %v", err)
	}
}

func TestDeviceNotesThatCount(t *testing.T) {
	now := time.Now()
	for _, test := range []struct {
		name         string
		state, root  string
		rootIsBefore bool
		want         string
	}{
		{"only at the root", "", "pods' devices", false, "pods' devices"},
		{"an older engine ran in between", "old", "new", false, "new"},
		{"left from long ago", "new", "old", true, "new"},
	} {
		t.Run(test.name, func(t *testing.T) {
			state, root := t.TempDir(), t.TempDir()
			at := now
			if test.rootIsBefore {
				at = now.Add(-2 * time.Hour)
			}
			if test.state != "" {
				os.Chtimes(write(t, test.state, state, deviceNotes), now, now.Add(-time.Hour))
			}
			os.Chtimes(write(t, test.root, root, deviceNotes), now, at)
			if err := takeDeviceNotes(root, state); err != nil {
				t.Fatal(err)
			}
			if got := read(t, state, deviceNotes); got != test.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
