package lifecycle

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestWhatIsRefusedIsWaitedForBeyondTheLimit(t *testing.T) {
	var d diary
	var allowed atomic.Bool
	refused := d.unit("kubelet", "apiserver")
	refused.Ready = func(context.Context) error {
		if allowed.Load() {
			return nil
		}
		return Refused{errors.New("a webhook says no")}
	}
	ctx, cancel := context.WithCancel(t.Context())
	limits := options(func([]Timing) { cancel() })
	limits.StartupTimeout = 100 * time.Millisecond
	time.AfterFunc(350*time.Millisecond, func() { allowed.Store(true) })
	if err := run(ctx, []Unit{d.unit("apiserver"), refused, d.unit("later", "kubelet")}, limits); err != nil {
		t.Error(err)
	}
}

func TestWhatIsRefusedExcusesNothingElse(t *testing.T) {
	var d diary
	refused, stuck := d.unit("kubelet"), d.unit("dns")
	refused.Ready = func(context.Context) error { return Refused{errors.New("a webhook says no")} }
	stuck.Ready = func(context.Context) error { return errors.New("no answer") }
	limits := options(func([]Timing) { t.Error("ready") })
	limits.StartupTimeout = 100 * time.Millisecond
	err := run(t.Context(), []Unit{refused, stuck}, limits)
	if err == nil || !strings.Contains(err.Error(), "dns: no answer") {
		t.Error(err)
	}
}
