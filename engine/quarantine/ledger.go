// Package quarantine keeps what ended the engine from being tried again at once. What may end it, such as an image from
// outside, is noted while it is worked on; what a crash leaves noted is suspected.
package quarantine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Item is something that was worked on when the engine crashed.
type Item struct {
	Key     string    `json:"key"`              // what it is called: a digest, or a name
	Digest  string    `json:"digest,omitempty"` // of what the name stands for, once known
	Crashes int       `json:"crashes"`
	Until   time.Time `json:"until"` // not tried before; the zero time: at once, but alone
	Reason  string    `json:"reason"`
	Version string    `json:"version"` // the engine's: another one may have it mended
}

const (
	firstWait = time.Hour
	lastWait  = 24 * time.Hour
)

// afterCrash is an item after one more crash. Among several, any can have been it the first time. Pure.
func (i Item) afterCrash(isAlone bool, now time.Time) Item {
	i.Crashes++
	i.Until = time.Time{}
	if isAlone || i.Crashes > 1 {
		i.Until = now.Add(min(firstWait<<min(i.Crashes-1, 10), lastWait))
	}
	return i
}

// isHeld: a clock that was set back holds nothing for longer than it would have been. Pure.
func (i Item) isHeld(now time.Time) bool {
	return now.Before(i.Until) && i.Until.Sub(now) <= lastWait
}

// Held is why something isn't tried now.
type Held struct{ Item Item }

func (h Held) Error() string {
	return fmt.Sprintf("it ended the engine (%s) and isn't tried again before %s", h.Item.Reason, h.Item.Until.UTC().Format("2006-01-02 15:04 UTC"))
}

// Ledger has a file for each item that is worked on, and one for each that is suspected.
type Ledger struct {
	folder, version string
	now             func() time.Time
	mutex           sync.Mutex // guards the files
	alone           sync.Mutex // suspects are tried one at a time
}

const (
	working = ".working"
	suspect = ".suspect"
)

// Open makes suspects of what the last run worked on, if it crashed by what works on such things: reason is empty
// otherwise. It returns all that are suspected. What can't be read or written, on a disk that is full or read-only, is
// no reason not to start.
func Open(folder, version, reason string, now func() time.Time) (*Ledger, []Item) {
	l := &Ledger{folder: folder, version: version, now: now}
	_ = os.MkdirAll(folder, 0o700)
	left := l.items(working)
	for _, item := range left {
		if reason != "" {
			if known, found := l.suspected(item.Key); found {
				item = known
			}
			item.Reason, item.Version = reason, version
			l.write(item.afterCrash(len(left) == 1, now()), suspect)
		}
		l.delete(item.Key, working)
	}
	return l, l.items(suspect)
}

// Work does something with the thing of this name, unless it is held. current says what the name stands for now: what
// is another thing than the one that crashed isn't held.
func (l *Ledger) Work(key string, current func() (digest string, err error), do func() error) error {
	item, isSuspect := l.suspected(key)
	if isSuspect {
		l.alone.Lock()
		defer l.alone.Unlock()
		if item.isHeld(l.now()) {
			if isOther, err := l.isOther(item, current); err != nil {
				return fmt.Errorf("%w; whether its name stands for another one now can't be asked: %w", Held{item}, err)
			} else if !isOther {
				return Held{item}
			}
		}
	}
	l.write(Item{Key: key}, working)
	defer l.delete(key, working)
	err := do()
	if err == nil && isSuspect {
		l.delete(key, suspect)
	}
	return err
}

// isOther looks what a suspect's name stands for now, and remembers it the first time.
func (l *Ledger) isOther(item Item, current func() (string, error)) (bool, error) {
	digest, err := current()
	if err == nil && item.Digest == "" {
		item.Digest = digest
		l.write(item, suspect)
	}
	return err == nil && item.Digest != digest, err
}

func (l *Ledger) suspected(key string) (Item, bool) {
	item, err := l.read(l.file(key, suspect))
	return item, err == nil && item.Key == key && item.Version == l.version
}

func (l *Ledger) items(kind string) (found []Item) {
	files, err := filepath.Glob(filepath.Join(l.folder, "*"+kind)) // sorted
	if err != nil {
		return nil
	}
	for _, file := range files {
		item, err := l.read(file)
		// A file that a power cut tore, or another version's: nothing to go by.
		if err != nil || kind == suspect && item.Version != l.version {
			os.Remove(file)
			continue
		}
		found = append(found, item)
	}
	return found
}

func (l *Ledger) read(file string) (item Item, err error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	text, err := os.ReadFile(file)
	if err != nil {
		return item, err
	}
	return item, json.Unmarshal(text, &item)
}

// write needn't survive a power cut, which isn't the item's doing.
func (l *Ledger) write(item Item, kind string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if text, err := json.Marshal(item); err == nil {
		_ = os.WriteFile(l.file(item.Key, kind), text, 0o600)
	}
}

func (l *Ledger) delete(key, kind string) {
	os.Remove(l.file(key, kind))
}

func (l *Ledger) file(key, kind string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(l.folder, hex.EncodeToString(sum[:8])+kind)
}
