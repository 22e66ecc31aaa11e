package datastore

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	_ "modernc.org/sqlite" // the driver that kine uses, too
)

// Check reads the whole file, and says whether it is worth rewriting it in a smaller one. No file is fine.
// The error is Damaged when the file makes no sense; nothing is written to it in any case.
func Check(ctx context.Context, file string) (worthShrinking bool, err error) {
	status, err := os.Stat(file)
	if os.IsNotExist(err) || err == nil && status.Size() == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	pages, free, err := examine(ctx, file, quickly)
	return isWorthShrinking(pages, free), err
}

const fewPages = 4096 // 16 MB, at SQLite's usual 4 KB each

// isWorthShrinking: free pages are used again, and rewriting costs flash and time. Pure.
func isWorthShrinking(pages, free int64) bool {
	return free > fewPages && free > pages/2
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
	const question = "SELECT page_count, freelist_count FROM pragma_page_count(), pragma_freelist_count()"
	err = database.QueryRowContext(ctx, question).Scan(&pages, &free)
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
