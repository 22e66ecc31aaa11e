package quarantine

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// life is one engine after the other on the same folder.
type life struct {
	t      *testing.T
	folder string
	now    time.Time
	ledger *Ledger
}

func (l *life) start(version, reason string) []Item {
	ledger, suspects := Open(l.folder, version, reason, func() time.Time { return l.now })
	l.ledger = ledger
	return suspects
}

// crashIn leaves what a crash in the middle of working on these would.
func (l *life) crashIn(keys ...string) {
	for _, key := range keys {
		l.ledger.write(Item{Key: key}, working)
	}
}

func (l *life) work(key, digest string) error {
	return l.ledger.Work(key, func() (string, error) {
		if digest == "" {
			return "", errors.New("no route to host")
		}
		return digest, nil
	}, func() error { return nil })
}

func (l *life) check(what, key, digest, want string) {
	l.t.Helper()
	err := l.work(key, digest)
	if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
		l.t.Errorf("%s: got %v", what, err)
	}
}

func newLife(t *testing.T) *life {
	return &life{t: t, folder: t.TempDir(), now: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
}

func TestWhatEndedTheEngineIsHeld(t *testing.T) {
	l := newLife(t)
	l.start("1", "")
	l.check("at first", "a:1", "sha256:1", "")
	l.crashIn("a:1")
	if suspects := l.start("1", "a panic"); len(suspects) != 1 || suspects[0].Key != "a:1" {
		t.Errorf("got %+v", suspects)
	}
	l.check("at once", "a:1", "sha256:1", "it ended the engine (a panic) and isn't tried again before 2027-01-01 01:00 UTC")
	l.check("another one", "b:1", "sha256:1", "")
	l.check("nobody can be asked", "a:1", "", "no route to host")
	l.start("1", "")
	l.check("after an ordinary restart", "a:1", "sha256:1", "isn't tried again")
	l.now = l.now.Add(61 * time.Minute)
	l.check("later", "a:1", "sha256:1", "")
	l.check("and it is cleared", "a:1", "sha256:1", "")
	if suspects := l.start("1", ""); len(suspects) != 0 {
		t.Errorf("still suspected: %+v", suspects)
	}
}

func TestEachCrashDoublesTheWait(t *testing.T) {
	l := newLife(t)
	for _, hours := range []int{1, 2, 4, 8, 16, 24, 24} {
		l.start("1", "")
		l.crashIn("a:1")
		suspects := l.start("1", "a panic")
		if wait := suspects[0].Until.Sub(l.now); wait != time.Duration(hours)*time.Hour {
			t.Errorf("got %s, want %d h", wait, hours)
		}
	}
}

func TestAmongSeveralEachIsTriedAlone(t *testing.T) {
	l := newLife(t)
	l.start("1", "")
	l.crashIn("a:1", "b:1")
	l.start("1", "a panic")
	l.check("the innocent one", "b:1", "sha256:2", "")
	l.crashIn("a:1", "c:1")
	l.start("1", "a panic")
	l.check("the other, with a new one beside it", "a:1", "sha256:1", "it ended the engine")
	l.check("the new one", "c:1", "sha256:3", "")
}

func TestWhatIsNotHeld(t *testing.T) {
	l := newLife(t)
	l.start("1", "")
	l.crashIn("a:1")
	l.start("1", "") // a power cut, or somebody killed it
	l.check("no crash", "a:1", "sha256:1", "")
	l.crashIn("a:1")
	l.start("1", "a panic")
	l.check("this one", "a:1", "sha256:1", "it ended")
	l.check("another image by the same name", "a:1", "sha256:2", "")
	l.crashIn("a:1")
	l.start("1", "a panic")
	l.start("2", "")
	l.check("another engine", "a:1", "sha256:1", "")
	l.crashIn("a:1")
	l.start("2", "a panic")
	l.now = l.now.Add(-30 * 24 * time.Hour)
	l.check("the clock was wrong", "a:1", "sha256:1", "")
}
