package datastore

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
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
	location := url.URL{Scheme: "file", Path: file, RawQuery: "mode=ro&_pragma=busy_timeout(5000)"}
	database, err := sql.Open("sqlite", location.String())
	if err != nil {
		return false, err
	}
	defer database.Close()
	var verdict string
	if err := database.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return false, explain(file, err)
	}
	if verdict != "ok" {
		return false, Damaged{file, verdict}
	}
	var pages, free int64
	err = database.QueryRowContext(ctx, "SELECT page_count, freelist_count FROM pragma_page_count(), pragma_freelist_count()").Scan(&pages, &free)
	return isWorthShrinking(pages, free), explain(file, err)
}

const fewPages = 4096 // 16 MB, at SQLite's usual 4 KB each

// isWorthShrinking: free pages are used again, and rewriting costs flash and time. Pure.
func isWorthShrinking(pages, free int64) bool {
	return free > fewPages && free > pages/2
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
