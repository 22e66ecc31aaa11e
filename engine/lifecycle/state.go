package lifecycle

import (
	"context"
	"strings"
	"sync"
	"time"
)

// Phase is how far a unit has come.
type Phase string

const (
	Waiting  Phase = "waiting"  // for the units before it
	Starting Phase = "starting" // it runs, and isn't ready yet
	Ready    Phase = "ready"
	Failing  Phase = "failing" // it was ready; asked just now, it wasn't
	Failed   Phase = "failed"  // it has ended, and the engine stops
)

// State is a unit as it is now.
type State struct {
	Name    string  `json:"name"`
	Phase   Phase   `json:"state"`
	Seconds float64 `json:"seconds"`          // from its own start until it was ready, or until now
	Reason  string  `json:"reason,omitempty"` // why it is not ready
}

// States tells how each unit is, in the order in which they start. Those that are ready are asked
// again: nothing watches them in between.
func (g *Group) States(ctx context.Context) []State {
	g.asking.Lock() // a unit's questions needn't be fit for several at once
	defer g.asking.Unlock()
	states := make([]State, len(g.units))
	var all sync.WaitGroup
	for i, u := range g.units {
		all.Go(func() { states[i] = u.ask(ctx, g.units.before(u)) })
	}
	all.Wait()
	return states
}

// Timings tells how long the units took that have become ready. It asks nobody.
func (g *Group) Timings() []Timing {
	var timings []Timing
	for _, u := range g.units {
		if state := u.state(nil); u.isReady() {
			timings = append(timings, Timing{u.Name, state.Seconds})
		}
	}
	return timings
}

func (u *unit) ask(ctx context.Context, before []*unit) State {
	state := u.state(before)
	question := u.StillReady
	if question == nil {
		question = u.Ready
	}
	if state.Phase != Ready || u.Task || question == nil {
		return state
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := question(ctx); err != nil {
		state.Phase, state.Reason = Failing, err.Error()
	}
	return state
}

func (u *unit) state(before []*unit) State {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	state := State{Name: u.Name, Phase: u.phase}
	if u.reason != nil {
		state.Reason = u.reason.Error()
	}
	switch u.phase {
	case Waiting:
		state.Reason = "waits for " + strings.Join(notReady(before), ", ")
	case Starting:
		state.Seconds = time.Since(u.started).Seconds()
	case Ready:
		state.Seconds = u.took.Seconds()
	}
	return state
}

func notReady(units []*unit) (names []string) {
	for _, u := range units {
		if !u.isReady() {
			names = append(names, u.Name)
		}
	}
	return names
}
