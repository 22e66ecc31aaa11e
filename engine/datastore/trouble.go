// Package datastore watches over the cluster's SQLite file: it checks the file before it is used, tells apart what can
// go wrong with it later, and keeps statements prepared.
package datastore

import (
	"errors"
	"fmt"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Damaged: what is in the file makes no sense. It is left as it is.
type Damaged struct {
	File  string
	Cause string
}

func (d Damaged) Error() string {
	return fmt.Sprintf("the database %s is damaged (%s) and was left as it is; restore its folder from a backup, "+
		"or move the folder away to begin with an empty cluster", d.File, d.Cause)
}

// trouble is a kind of failure that has nothing to do with what was asked for.
type trouble int

const (
	none    trouble = iota
	full            // no room for another write; passes when there is
	failing         // the disk can't be read or written, or not any more
	damaged         // the file makes no sense
)

// troubleOf sorts SQLite's result codes, https://www.sqlite.org/rescode.html. Pure.
func troubleOf(err error) trouble {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return none
	}
	switch failure.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_FULL:
		return full
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return failing
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damaged
	}
	return none
}
