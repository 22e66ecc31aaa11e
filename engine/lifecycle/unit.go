// Package lifecycle runs the parts of the engine in order, and stops them in the opposite one.
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

	// Ready is asked again and again until it returns nil. Without it, a unit is ready at once.
	Ready func(context.Context) error

	// StopWithin bounds the wait for Run to return. Some components don't, however they are asked.
	StopWithin time.Duration
}

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
	errEnded      = errors.New("it ended by itself")
	errNotStarted = errors.New("not started")
)

// unit is a Unit in motion. Each has a context of its own: they are stopped one after the other.
type unit struct {
	Unit
	context context.Context
	cancel  context.CancelFunc
	ready   chan struct{}
	ended   chan struct{} // Run has returned, or will never be called
	stopped chan struct{} // the ordered stop is done with it

	mutex  sync.Mutex
	timing Timing
	reason error // why it is not ready yet
}

func newUnit(description Unit) *unit {
	ctx, cancel := context.WithCancel(context.Background())
	return &unit{
		Unit: description, context: ctx, cancel: cancel, reason: errNotStarted,
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
	started := time.Now()
	if !u.Task {
		go u.waitReady(started)
	}
	err := u.Run(u.context)
	switch {
	case u.context.Err() != nil:
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", u.Name, err)
	case u.Task:
		u.setReady(started)
		return nil
	}
	return fmt.Errorf("%s: %w", u.Name, errEnded)
}

func (u *unit) waitReady(started time.Time) {
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
	u.setReady(started)
}

func (u *unit) setReady(started time.Time) {
	u.mutex.Lock()
	u.timing = Timing{u.Name, time.Since(started).Seconds()}
	u.mutex.Unlock()
	close(u.ready)
}

func (u *unit) setReason(reason error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.reason = reason
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
