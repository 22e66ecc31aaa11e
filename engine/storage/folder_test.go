package storage

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestMakeFolderMayBeRepeated(t *testing.T) {
	place := t.TempDir()
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	for range 2 {
		if err := makeFolder(place, "pvc-1_a_b"); err != nil {
			t.Fatal(err)
		}
	}
	status, err := os.Stat(filepath.Join(place, "pvc-1_a_b"))
	if err != nil || status.Mode().Perm() != 0o777 {
		t.Errorf("got %v, %v", status, err)
	}
}

func TestMakeFolderRefuses(t *testing.T) {
	place, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(place, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(place, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../up", "a/b", "link", "file", ""} {
		if err := makeFolder(place, name); err == nil {
			t.Errorf("%q is made", name)
		}
	}
}

func TestRemoveFolderLeavesWhatLinksPointTo(t *testing.T) {
	place, elsewhere := t.TempDir(), t.TempDir()
	kept := filepath.Join(elsewhere, "kept")
	folder := filepath.Join(place, "pvc-1_a_b")
	for _, err := range []error{
		os.WriteFile(kept, nil, 0o600),
		os.MkdirAll(filepath.Join(folder, "deep", "deeper"), 0o700),
		os.Symlink(elsewhere, filepath.Join(folder, "deep", "away")),
		os.Symlink(kept, filepath.Join(folder, "file")),
		os.Symlink("..", filepath.Join(folder, "up")),
		os.Mkdir(filepath.Join(place, "pvc-2_a_b"), 0o700),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // it may be repeated
		if err := removeFolder(place, "pvc-1_a_b"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Lstat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder: %v", err)
	}
	for _, path := range []string{kept, filepath.Join(place, "pvc-2_a_b")} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestRemoveFolderThatIsALink(t *testing.T) {
	place, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(place, "pvc-1_a_b")); err != nil {
		t.Fatal(err)
	}
	if err := removeFolder(place, "pvc-1_a_b"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(elsewhere); err != nil {
		t.Error("what the link pointed to is gone")
	}
}

func TestMountBelow(t *testing.T) {
	const mounts = `23 1 8:1 / / rw - ext4 /dev/sda1 rw
40 23 8:2 / /data/local\040path/pvc-1_a_b/inner rw shared:1 - nfs server:/x rw
41 23 8:2 /v /var/pods/volume rw - ext4 /dev/sda2 rw
`
	for folder, want := range map[string]string{
		"/data/local path/pvc-1_a_b":       "/data/local path/pvc-1_a_b/inner",
		"/data/local path/pvc-1_a_b/inner": "/data/local path/pvc-1_a_b/inner",
		"/data/local path/pvc-1_a":         "",
		"/data/local path/pvc-2":           "",
		"/var/pods/volume":                 "/var/pods/volume",
	} {
		if got := mountBelow(mounts, folder); got != want {
			t.Errorf("%s: got %q", folder, got)
		}
	}
}

func TestSpaceOf(t *testing.T) {
	if size, free, err := spaceOf(t.TempDir()); err != nil || free <= 0 || size < free {
		t.Errorf("got %d, %v", free, err)
	}
	if _, _, err := spaceOf("/nowhere"); err == nil {
		t.Error("there is room in a folder that doesn't exist")
	}
}
