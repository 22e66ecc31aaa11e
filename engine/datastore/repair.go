package datastore

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	_ "modernc.org/sqlite" // the driver that kine uses, too
)

// Repair reads the whole SQLite database, before anything opens it. When it is damaged but would be sound without its write-ahead
// log, the log is put aside, and the result is its new name: the newest writes are lost then, and nothing
// else. A database that is sound, or isn't there, is left alone; of one that can't be mended so, every
// byte stays where it is, and the error is Damaged.
func Repair(file string) (putAside string, err error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	damage := check(file)
	if damage == nil {
		return "", nil
	}
	log := file + "-wal"
	if _, err := os.Stat(log); err != nil {
		return "", Damaged{file, damage.Error() + " (there is no write-ahead log to do without)"}
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
	if remaining := check(file); remaining != nil {
		return "", errors.Join(
			Damaged{file, remaining.Error() + " (also without its write-ahead log)"},
			os.Rename(aside, log))
	}
	return aside, nil
}

// check reads everything and writes nothing: an ordinary connection would move the log into the
// database when it is closed, and the damage with it.
func check(file string) error {
	database, err := sql.Open("sqlite", "file://"+file+"?mode=ro")
	if err != nil {
		return err
	}
	defer database.Close()
	var verdict string
	if err := database.QueryRow("PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return errors.New(verdict)
	}
	return nil
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
