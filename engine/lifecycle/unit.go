package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Unit is one part of the engine.
type Unit struct {
	Name  string
	After []string // units that must be ready before this one starts, and that outlive it

	// Run does the work until its context ends. A Task returns earlier, and is ready then.
	Run  func(context.Context) error
	Task bool

	// Ready is asked again and again until it returns nil, and later whenever somebody asks how the
	// engine is. Without it, a unit is ready at once, and for good.
	Ready func(context.Context) error

	// StillReady is asked later instead of Ready, where the question is another one then.
	StillReady func(context.Context) error

	// StopWithin bounds the wait for Run to return. Some components don't, however they are asked.
	StopWithin time.Duration
}

// Refused says that a unit isn't ready because a webhook, a policy or a quota of somebody's refuses what it writes. The
// engine's end would mend nothing, and take away the API with which they could.
type Refused struct{ Err error }

func (r Refused) Error() string { return r.Err.Error() }
func (r Refused) Unwrap() error { return r.Err }

// Timing is how long a unit took from its own start until it was ready.
type Timing struct {
	Name    string
	Seconds float64
}

const (
	firstPoll  = 10 * time.Millisecond // grows by half each time, to
	lastPoll   = 200 * time.Millisecond
	askTimeout = 5 * time.Second
)

var (
	errEnded   = errors.New("it ended by itself")
	errNoReply = errors.New("not asked yet")
)

// unit is a Unit in motion. Each has a context of its own: they are stopped one after the other.
type unit struct {
	Unit
	context context.Context
	cancel  context.CancelFunc
	ready   chan struct{}
	ended   chan struct{} // Run has returned, or will never be called
	stopped chan struct{} // the ordered stop is done with it

	mutex   sync.Mutex
	phase   Phase
	started time.Time
	took    time.Duration // from started until it was ready
	reason  error         // why it is not ready yet, or why it failed
}

func newUnit(description Unit) *unit {
	ctx, cancel := context.WithCancel(context.Background())
	return &unit{
		Unit: description, context: ctx, cancel: cancel, phase: Waiting,
		ready: make(chan struct{}), ended: make(chan struct{}), stopped: make(chan struct{}),
	}
}

// start waits for the units before this one, then runs until the unit ends. The result is why it
// failed; an end that was asked for is none.
func (u *unit) start(before []*unit) error {
	defer close(u.ended)
	for _, other := range before {
		select {
		case <-other.ready:
		case <-u.context.Done():
			return nil
		}
	}
	u.setStarting()
	if !u.Task {
		go u.waitReady()
	}
	err := u.Run(u.context)
	switch {
	case u.context.Err() != nil:
		return nil
	case err == nil && u.Task:
		u.setReady()
		return nil
	case err == nil:
		err = errEnded
	}
	u.setFailed(err)
	return fmt.Errorf("%s: %w", u.Name, err)
}

func (u *unit) waitReady() {
	for pause := firstPoll; u.Ready != nil; pause = min(pause*3/2, lastPoll) {
		ask, cancel := context.WithTimeout(u.context, askTimeout)
		err := u.Ready(ask)
		cancel()
		if err == nil {
			break
		}
		u.setReason(err)
		select {
		case <-time.After(pause):
		case <-u.context.Done():
			return
		}
	}
	u.setReady()
}

func (u *unit) setStarting() {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.phase, u.started, u.reason = Starting, time.Now(), errNoReply
}

func (u *unit) setReady() {
	u.mutex.Lock()
	u.phase, u.took, u.reason = Ready, time.Since(u.started), nil
	u.mutex.Unlock()
	close(u.ready)
}

func (u *unit) setFailed(reason error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.phase, u.reason = Failed, reason
}

func (u *unit) setReason(reason error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.reason = reason
}

func (u *unit) why() (Phase, error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	return u.phase, u.reason
}

func (u *unit) isReady() bool {
	select {
	case <-u.ready:
		return true
	default:
		return false
	}
}

// stop ends the unit once all units that came after it are done with. It reports false when Run
// didn't return in time; the process ends soon and takes it along.
func (u *unit) stop(later []*unit) bool {
	defer close(u.stopped)
	for _, other := range later {
		<-other.stopped
	}
	u.cancel()
	if u.Task { // its work is done, or of no use any more
		return true
	}
	select {
	case <-u.ended:
		return true
	case <-time.After(u.StopWithin):
		return false
	}
}
