// Package watch tells when folders were changed and then left alone: what comes there may be written in pieces.
package watch

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Add has a folder watched; one that isn't there is left out, and one that is watched already stays so.
func Add(watcher *fsnotify.Watcher, folder string) error {
	if err := watcher.Add(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Settled calls do when for a while nothing has followed an event that counts, until ctx ends.
func Settled(ctx context.Context, watcher *fsnotify.Watcher, quiet time.Duration, counts func(fsnotify.Event) bool, do func()) {
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-watcher.Events:
			if counts(event) {
				settled = time.After(quiet)
			}
		case <-watcher.Errors: // too many events at once: any of them may count
			settled = time.After(quiet)
		case <-settled:
			settled = nil
			do()
		}
	}
}
