package dns

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"kubesolo-os/engine/watch"
)

const (
	// settle is how long a file must be left alone: it may be written in pieces.
	settle = 100 * time.Millisecond
	// mostLinks is as many as the kernel follows.
	mostLinks = 40
)

// watchFile tells of changes of a file until ctx ends. The file may be a symbolic link, may be replaced,
// and need not exist: the folders are watched.
func watchFile(ctx context.Context, path string) (<-chan struct{}, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("cannot watch %s: %w", path, err)
	}
	names, err := watchFolders(watcher, path)
	if err != nil {
		_ = watcher.Close()
		return nil, err
	}
	changes := make(chan struct{})
	isOurs := func(event fsnotify.Event) bool { return slices.Contains(names, event.Name) }
	go func() {
		defer watcher.Close()
		watch.Settled(ctx, watcher, settle, isOurs, func() {
			// It may be another link now. What can't be watched any more is still told of once.
			if latest, err := watchFolders(watcher, path); err == nil {
				names = latest
			}
			select {
			case changes <- struct{}{}:
			case <-ctx.Done():
			}
		})
	}()
	return changes, nil
}

// watchFolders returns the names to look for in the folders' events.
func watchFolders(watcher *fsnotify.Watcher, path string) ([]string, error) {
	names := followLinks(path)
	for _, name := range names {
		folder := filepath.Dir(name)
		if err := watch.Add(watcher, folder); err != nil {
			return nil, fmt.Errorf("cannot watch %s: %w", folder, err)
		}
	}
	return names, nil
}

// followLinks are the path and all that it leads to, whether or not there is a file at the end.
func followLinks(path string) []string {
	names := []string{filepath.Clean(path)}
	for range mostLinks {
		last := names[len(names)-1]
		target, err := os.Readlink(last)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(last), target)
		}
		names = append(names, filepath.Clean(target))
	}
	return names
}
