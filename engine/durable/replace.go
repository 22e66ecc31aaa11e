// Package durable writes small files so that a power cut leaves the old one or the whole new one.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace writes a file: a temporary one, fsync, rename, fsync of the folder, which is made when it is missing.
func Replace(file string, content []byte, mode fs.FileMode) error {
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	temporary := file + ".new" // a fixed name: what a power cut leaves is taken away by the next try
	_ = os.Remove(temporary)   // it may be a pipe of somebody's
	if err := writeSynced(temporary, content, mode); err != nil {
		return err
	}
	if err := os.Rename(temporary, file); err != nil {
		return err
	}
	return SyncFolder(folder)
}

// SyncFolder has the names in a folder survive a power cut.
func SyncFolder(folder string) error {
	handle, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(handle.Sync(), handle.Close())
}

func writeSynced(file string, content []byte, mode fs.FileMode) error {
	handle, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = handle.Write(content)
	// Not as the process' mask has it.
	return errors.Join(err, handle.Chmod(mode), handle.Sync(), handle.Close())
}
