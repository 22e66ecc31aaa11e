package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are what Run needs besides the units.
type Options struct {
	StartupTimeout time.Duration
	OnReady        func([]Timing)    // all units are ready
	OnWaiting      func(why string)  // they aren't yet; now and then
	OnStop         func()            // the ordered stop begins, for whatever reason
	OnLate         func(name string) // a unit didn't stop in time
}

const remindInterval = 30 * time.Second

// Group is the units of one engine.
type Group struct {
	units  set
	asking sync.Mutex
}

// New checks that each unit comes after those that it needs.
func New(descriptions []Unit) (*Group, error) {
	units, err := inOrder(descriptions)
	return &Group{units: units}, err
}

// Run starts the units, and returns nil after ctx has ended and all have stopped. When one fails, or
// they are not all ready in time, it stops the others and returns the reason; it waits on for what is Refused. Call it once.
func (g *Group) Run(ctx context.Context, options Options) error {
	failures := make(chan error, len(g.units))
	for _, u := range g.units {
		go func() {
			if err := u.start(g.units.before(u)); err != nil {
				failures <- err
			}
		}()
	}
	err := g.wait(ctx, failures, options)
	options.OnStop()
	g.units.stop(options.OnLate)
	return err
}

type set []*unit

func inOrder(descriptions []Unit) (set, error) {
	var units set
	for _, description := range descriptions {
		units = append(units, newUnit(description))
		for _, name := range description.After {
			if !slices.ContainsFunc(units, func(u *unit) bool { return u.Name == name }) {
				return nil, fmt.Errorf("unit %s starts after %s, which is not before it in the list", description.Name, name)
			}
		}
	}
	return units, nil
}

// before are the units that must be ready before u starts.
func (s set) before(u *unit) (result []*unit) {
	for _, other := range s {
		if slices.Contains(u.After, other.Name) {
			result = append(result, other)
		}
	}
	return result
}

// later are the units that must have stopped before u stops.
func (s set) later(u *unit) (result []*unit) {
	for _, other := range s {
		if slices.Contains(other.After, u.Name) {
			result = append(result, other)
		}
	}
	return result
}

func (g *Group) wait(ctx context.Context, failures <-chan error, options Options) error {
	allReady := make(chan struct{})
	go func() {
		for _, u := range g.units {
			select {
			case <-u.ready:
			case <-u.stopped:
				return
			}
		}
		close(allReady)
	}()
	timeout := time.After(options.StartupTimeout)
	reminder := time.NewTicker(remindInterval)
	defer reminder.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failures:
			return err
		case <-timeout:
			if g.units.areRefused() {
				timeout = time.After(options.StartupTimeout)
				continue
			}
			return fmt.Errorf("not ready after %s: %s", options.StartupTimeout.Round(time.Second), g.units.reasons())
		case <-reminder.C:
			options.OnWaiting(g.units.reasons())
		case <-allReady:
			reminder.Stop()
			allReady, timeout = nil, nil
			options.OnReady(g.Timings())
		}
	}
}

// areRefused: nothing but what somebody refuses keeps the engine from being ready.
func (s set) areRefused() bool {
	refused := false
	for _, u := range s {
		phase, reason := u.why()
		_, isRefused := errors.AsType[Refused](reason)
		if phase == Starting && !isRefused {
			return false
		}
		refused = refused || isRefused
	}
	return refused
}

func (s set) reasons() string {
	var reasons []string
	for _, u := range s {
		if state := u.state(s.before(u)); state.Phase != Ready {
			reasons = append(reasons, state.Name+": "+state.Reason)
		}
	}
	return strings.Join(reasons, "; ")
}

func (s set) stop(onLate func(string)) {
	var all sync.WaitGroup
	for _, u := range s {
		all.Go(func() {
			if !u.stop(s.later(u)) {
				onLate(u.Name)
			}
		})
	}
	all.Wait()
}
