package datastore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/k3s-io/kine/pkg/server"
)

const (
	fewPages    = 4096 // 16 MB, at SQLite's usual 4 KB each
	pagesAtOnce = 1024 // in one transaction: others want to write, too
)

// Shrinking gives room back to the disk after a compaction that left much of the file free, as after many objects were
// changed or deleted. That takes a file that was made, or once rewritten, with auto_vacuum=INCREMENTAL
// (https://www.sqlite.org/pragma.html#pragma_incremental_vacuum); with another one nothing happens.
type Shrinking struct {
	server.Dialect
	DB   *sql.DB
	File string
}

// PostCompact moves the log into the file last, and only then the file gets shorter.
func (s Shrinking) PostCompact(ctx context.Context) error {
	if err := s.shrink(ctx); err != nil {
		return fmt.Errorf("cannot shrink %s: %w", s.File, err)
	}
	return s.Dialect.PostCompact(ctx)
}

// shrink leaves some free pages: they are used again.
func (s Shrinking) shrink(ctx context.Context) error {
	pages, free, err := countPages(ctx, s.DB)
	if err != nil || !isWorthShrinking(pages, free) {
		return err
	}
	for before := free + 1; free > fewPages && free < before && hasRoom(s.File); {
		before = free
		if err := s.giveBack(ctx); err != nil {
			return err
		}
		if _, free, err = countPages(ctx, s.DB); err != nil {
			return err
		}
	}
	return nil
}

// giveBack reads a row for each page: the statement ends before, when nobody does.
func (s Shrinking) giveBack(ctx context.Context) error {
	rows, err := s.DB.QueryContext(ctx, fmt.Sprintf("PRAGMA incremental_vacuum(%d)", pagesAtOnce))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

func countPages(ctx context.Context, database *sql.DB) (pages, free int64, err error) {
	const question = "SELECT page_count, freelist_count FROM pragma_page_count(), pragma_freelist_count()"
	err = database.QueryRowContext(ctx, question).Scan(&pages, &free)
	return pages, free, err
}

// isWorthShrinking: free pages are used again, and moving the others costs flash and time. Pure.
func isWorthShrinking(pages, free int64) bool {
	return free > fewPages && free > pages/2
}
