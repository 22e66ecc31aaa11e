package datastore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kubesolo-os/engine/durable"
)

const (
	logSuffix   = "-wal"
	indexSuffix = "-shm" // of the log; made again whenever it is missing
)

// TakeOver brings the database of a release that kept it elsewhere to its place. At every moment there is a whole one
// at one of both: names are added before others are removed, and the database's own name comes after its log's. The
// result says what was done; "" means: nothing. Nobody may have either of them open.
func TakeOver(earlier, file string) (done string, err error) {
	from, err := statIfThere(earlier)
	if err != nil || from == nil {
		return "", err
	}
	at, err := statIfThere(file)
	if err != nil {
		return "", err
	}
	switch {
	case at == nil:
		done = fmt.Sprintf("the database %s is %s from now on", earlier, file)
	case os.SameFile(from, at): // the power went before the last step
		return "", removeNames(earlier)
	case lastWritten(earlier).After(lastWritten(file)):
		aside, err := putFolderAside(filepath.Dir(file))
		if err != nil {
			return "", err
		}
		done = fmt.Sprintf("there were two databases: %s, which was written to last, is %s from now on, and what was there is %s",
			earlier, file, aside)
	default:
		aside, err := putAside(earlier)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("there were two databases: %s was written to last, and stays; the other one is %s", file, aside), nil
	}
	if err := addNames(earlier, file); err != nil {
		return "", err
	}
	return done, removeNames(earlier)
}

// addNames gives a database and its log a second name each.
func addNames(earlier, file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	if err := durable.SyncFolder(filepath.Dir(filepath.Dir(file))); err != nil {
		return err
	}
	// A log without its database, or one that got its name here when the power went.
	for _, suffix := range []string{logSuffix, indexSuffix} {
		if err := removeIfThere(file + suffix); err != nil {
			return err
		}
	}
	err := os.Link(earlier+logSuffix, file+logSuffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := durable.SyncFolder(filepath.Dir(file)); err != nil {
		return err
	}
	if err := os.Link(earlier, file); err != nil {
		return err
	}
	return durable.SyncFolder(filepath.Dir(file))
}

// removeNames takes the database's own name away last: as long as it is there, the next start goes on with it.
func removeNames(earlier string) error {
	for _, suffix := range []string{indexSuffix, logSuffix, ""} {
		if err := removeIfThere(earlier + suffix); err != nil {
			return err
		}
	}
	return durable.SyncFolder(filepath.Dir(earlier))
}

func putFolderAside(folder string) (aside string, err error) {
	if aside, err = freeName(folder + ".replaced-"); err != nil {
		return "", err
	}
	if err := os.Rename(folder, aside); err != nil {
		return "", err
	}
	return aside, durable.SyncFolder(filepath.Dir(folder))
}

// putAside renames the database last, so that a next try finds the same free name.
func putAside(file string) (aside string, err error) {
	if aside, err = freeName(file + ".replaced-"); err != nil {
		return "", err
	}
	for _, suffix := range []string{indexSuffix, logSuffix, ""} {
		if err := os.Rename(file+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, durable.SyncFolder(filepath.Dir(file))
}

// lastWritten: most writes reach only the log for a while.
func lastWritten(file string) (last time.Time) {
	for _, suffix := range []string{"", logSuffix} {
		if status, err := os.Stat(file + suffix); err == nil && status.ModTime().After(last) {
			last = status.ModTime()
		}
	}
	return last
}

func statIfThere(file string) (fs.FileInfo, error) {
	status, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return status, err
}

func removeIfThere(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
