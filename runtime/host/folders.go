package host

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// MakeDirectory gives the options to the last folder if it is new, and has each new one on the disk when it returns.
func MakeDirectory(path string, options WriteOptions) error {
	if info, err := os.Stat(path); err == nil {
		if !info.IsDir() {
			return &os.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
		}
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := MakeDirectory(parent, WriteOptions{}); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, options.mode(0o755)); err != nil {
		if info, statErr := os.Stat(path); errors.Is(err, os.ErrExist) && statErr == nil && info.IsDir() {
			return nil // another agent has just made it
		}
		return err
	}
	if err := options.give(path, 0o755); err != nil {
		return err
	}
	return SyncDirectory(parent)
}

func list(path string) ([]string, error) {
	entries, err := os.ReadDir(path) // sorted
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, err
}

func freeBytes(path string) (int64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(path, &stat); err != nil {
		return 0, err
	}
	return int64(stat.Bavail) * stat.Bsize, nil
}

// remove leaves what another file system is mounted on, and fails with EXDEV.
func remove(path string) error {
	var stat, parent unix.Stat_t
	err := unix.Lstat(path, &stat)
	if IsMissing(err) {
		return nil
	}
	if err == nil {
		err = unix.Stat(filepath.Dir(path), &parent)
	}
	if err != nil {
		return &os.PathError{Op: "remove", Path: path, Err: err}
	}
	if err := removeWithin(path, parent.Dev); err != nil {
		return err
	}
	return SyncDirectory(filepath.Dir(path))
}

func removeWithin(path string, device uint64) error {
	var stat unix.Stat_t
	if err := unix.Lstat(path, &stat); err != nil {
		return &os.PathError{Op: "remove", Path: path, Err: err}
	}
	if stat.Dev != device {
		return &os.PathError{Op: "remove", Path: path, Err: syscall.EXDEV}
	}
	if stat.Mode&unix.S_IFMT == unix.S_IFDIR {
		names, err := list(path)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := removeWithin(filepath.Join(path, name), device); err != nil {
				return err
			}
		}
	}
	return os.Remove(path)
}

func SyncDirectory(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	// Some file systems can't: the kernel's own, and FAT in some versions.
	if err := folder.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// IsMissing tells whether nothing is there; so does a path below a file.
func IsMissing(err error) bool {
	return errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ENOTDIR)
}
