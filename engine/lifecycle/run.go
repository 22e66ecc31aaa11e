package lifecycle

import (
	"context"
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

// Run starts the units, and returns nil after ctx has ended and all have stopped. When one fails, or
// they are not all ready in time, it stops the others and returns the reason.
func Run(ctx context.Context, descriptions []Unit, options Options) error {
	units, err := inOrder(descriptions)
	if err != nil {
		return err
	}
	failures := make(chan error, len(units))
	for _, u := range units {
		go func() {
			if err := u.start(units.before(u)); err != nil {
				failures <- err
			}
		}()
	}
	err = units.wait(ctx, failures, options)
	options.OnStop()
	units.stop(options.OnLate)
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

func (s set) wait(ctx context.Context, failures <-chan error, options Options) error {
	allReady := make(chan struct{})
	go func() {
		for _, u := range s {
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
			return fmt.Errorf("not ready after %s: %s", options.StartupTimeout, s.reasons())
		case <-reminder.C:
			options.OnWaiting(s.reasons())
		case <-allReady:
			reminder.Stop()
			allReady, timeout = nil, nil
			options.OnReady(s.timings())
		}
	}
}

func (s set) reasons() string {
	var reasons []string
	for _, u := range s {
		if !u.isReady() {
			u.mutex.Lock()
			reasons = append(reasons, fmt.Sprintf("%s: %v", u.Name, u.reason))
			u.mutex.Unlock()
		}
	}
	return strings.Join(reasons, "; ")
}

func (s set) timings() []Timing {
	timings := make([]Timing, len(s))
	for i, u := range s {
		timings[i] = u.timing
	}
	return timings
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
