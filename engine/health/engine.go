package health

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"kubesolo-os/engine/lifecycle"
)

// Engine is what reports are about: at first something that is being prepared, then a group of units,
// and at last something that stops.
type Engine struct {
	version string
	started time.Time
	doing   atomic.Pointer[string]
	group   atomic.Pointer[lifecycle.Group]
}

func NewEngine(version string, started time.Time) *Engine {
	e := &Engine{version: version, started: started}
	e.Doing("preparing")
	return e
}

// Doing says what keeps the engine from being ready as a whole; "" means nothing does.
func (e *Engine) Doing(what string) { e.doing.Store(&what) }

// Runs says that these units are all there is.
func (e *Engine) Runs(group *lifecycle.Group) {
	e.group.Store(group)
	e.Doing("")
}

// Report asks all units.
func (e *Engine) Report(ctx context.Context) Report {
	report := Report{Version: e.version, PID: os.Getpid(), Uptime: time.Since(e.started).Seconds(), Units: []lifecycle.State{}}
	if group := e.group.Load(); group != nil {
		report.Units = group.States(ctx)
	}
	report.Ready, report.Summary = Summarize(report.Units)
	if doing := *e.doing.Load(); doing != "" {
		report.Ready, report.Summary = false, "not ready: "+doing
	}
	return report
}
