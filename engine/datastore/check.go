package datastore

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	_ "modernc.org/sqlite" // the driver that kine uses, too
)

// State is what a file is like before it is opened.
type State struct {
	IsNew          bool
	WorthRewriting bool // in a smaller one
}

// Check reads the whole file. The error is Damaged when it makes no sense; nothing is written to it in any case.
func Check(ctx context.Context, file string) (State, error) {
	status, err := os.Stat(file)
	if os.IsNotExist(err) || err == nil && status.Size() == 0 {
		return State{IsNew: true}, nil
	}
	if err != nil {
		return State{}, err
	}
	pages, free, err := examine(ctx, file, quickly)
	return State{WorthRewriting: isWorthShrinking(pages, free)}, err
}

// SQLite's two ways to look at all of a file; only the second compares indexes with what they are of.
const (
	quickly    = "quick_check"
	thoroughly = "integrity_check"
)

// examine reads everything and writes nothing: an ordinary connection would move the log into the database when it
// is closed, and the damage with it. It counts the pages, and those that are free. The error is Damaged when the
// file makes no sense.
func examine(ctx context.Context, file, how string) (pages, free int64, err error) {
	database, err := sql.Open("sqlite", Location(file, "mode=ro&_pragma=busy_timeout(5000)"))
	if err != nil {
		return 0, 0, err
	}
	defer database.Close()
	var verdict string
	if err := database.QueryRowContext(ctx, "PRAGMA "+how+"(1)").Scan(&verdict); err != nil {
		return 0, 0, explain(file, err)
	}
	if verdict != "ok" {
		return 0, 0, Damaged{file, verdict}
	}
	pages, free, err = countPages(ctx, database)
	return pages, free, explain(file, err)
}

func explain(file string, err error) error {
	if err == nil {
		return nil
	}
	if troubleOf(err) == damaged {
		return Damaged{file, err.Error()}
	}
	return fmt.Errorf("cannot read %s: %w", file, err)
}
