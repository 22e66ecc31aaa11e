package datastore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Repair reads the whole SQLite database, before anything opens it. When it is damaged but would be sound without its write-ahead
// log, the log is put aside, and the result is its new name: the newest writes are lost then, and nothing
// else. A database that is sound, or isn't there, is left alone; of one that can't be mended so, every
// byte stays where it is, and the error is Damaged.
func Repair(ctx context.Context, file string) (putAside string, err error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	_, _, err = examine(ctx, file, thoroughly)
	damage, isDamaged := errors.AsType[Damaged](err)
	if !isDamaged {
		return "", err
	}
	log := file + "-wal"
	if _, err := os.Stat(log); err != nil {
		return "", Damaged{file, damage.Cause + " (there is no write-ahead log to do without)"}
	}
	aside, err := freeName(log + ".damaged-")
	if err != nil {
		return "", err
	}
	if err := os.Rename(log, aside); err != nil {
		return "", err
	}
	// An index of the log, made again whenever it is missing.
	if err := os.Remove(file + "-shm"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if _, _, err := examine(ctx, file, thoroughly); err != nil {
		if remaining, isDamaged := errors.AsType[Damaged](err); isDamaged {
			err = Damaged{file, remaining.Cause + " (also without its write-ahead log)"}
		}
		return "", errors.Join(err, os.Rename(aside, log))
	}
	return aside, nil
}

func freeName(prefix string) (string, error) {
	for number := 1; ; number++ {
		name := fmt.Sprint(prefix, number)
		_, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
}
