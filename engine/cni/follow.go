package cni

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/containernetworking/cni/pkg/invoke"
	"github.com/fsnotify/fsnotify"

	"kubesolo-os/engine/durable"
	"kubesolo-os/engine/given"
	"kubesolo-os/engine/watch"
)

// settle is how long the folders must be left alone: a file may be written in pieces, and a plugin come after it.
const settle = 200 * time.Millisecond

// Follower keeps what the runtime reads as what people's folders say.
type Follower struct {
	Folder  string   // with people's configurations
	Plugins []string // folders with plugins, as they are searched
	Target  string   // the one file that the runtime reads; nothing else is in its folder
	Own     []byte   // the engine's own configuration
	OwnFile string   // its name in Folder
	Tell    func(format string, args ...any)
	LeftOut func(why string) // tells what of the folder doesn't count

	mutex sync.Mutex
	last  Choice
}

// IsOwn: pods are connected by the engine's own configuration, by that alone or with what was added to it.
func (f *Follower) IsOwn() bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.last.File == "" || f.last.File == f.OwnFile
}

// Settle writes what the runtime reads, and tells what has changed.
func (f *Follower) Settle() error {
	files, leftOut := given.ReadFolder(f.Folder, endings...)
	choice := Choose(files, f.Own, func(plugin string) error {
		_, err := invoke.FindInPath(plugin, f.Plugins)
		return err
	})
	choice.Refused = append(leftOut, choice.Refused...)
	f.tell(choice)
	return replace(f.Target, choice.List)
}

func (f *Follower) tell(choice Choice) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, why := range choice.Refused {
		if !slices.Contains(f.last.Refused, why) {
			f.LeftOut(why)
		}
	}
	was := f.last.File
	if was == "" {
		was = f.OwnFile
	}
	if now := choice.File; now != was && now != "" {
		f.Tell("new pods are connected as %s says", filepath.Join(f.Folder, now))
	}
	f.last = choice
}

// Follow settles anew whenever a configuration or a plugin comes or goes, until ctx ends.
func (f *Follower) Follow(ctx context.Context) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	for _, folder := range append([]string{f.Folder}, f.Plugins...) {
		if err := watch.Add(watcher, folder); err != nil {
			return err
		}
	}
	settleAnew := func() {
		if err := f.Settle(); err != nil {
			f.Tell("cannot keep the pods' network as %s says: %v", f.Folder, err)
		}
	}
	settleAnew() // what has changed since the last time
	watch.Settled(ctx, watcher, settle, func(fsnotify.Event) bool { return true }, settleAnew)
	return nil
}

// replace: at its renaming the runtime reads the new one.
func replace(path string, text []byte) error {
	if is, err := os.ReadFile(path); err == nil && bytes.Equal(is, text) {
		return nil
	}
	return durable.Replace(path, text, 0o600)
}
