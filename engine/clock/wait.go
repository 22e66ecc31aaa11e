// Package clock waits by the wall clock, which people and networks set.
package clock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Wait returns when the wall clock reaches a time, when somebody sets it, or when ctx ends. The kernel
// wakes it (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET); Go's own timers don't notice a clock that is set.
func Wait(ctx context.Context, until time.Time) error {
	descriptor, err := unix.TimerfdCreate(unix.CLOCK_REALTIME, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return fmt.Errorf("cannot make a timer: %w", err)
	}
	timer := os.NewFile(uintptr(descriptor), "timer")
	defer timer.Close()
	// A time of zero would disarm it.
	at := unix.ItimerSpec{Value: unix.Timespec{Sec: max(until.Unix(), 1)}}
	if err := unix.TimerfdSettime(descriptor, unix.TFD_TIMER_ABSTIME|unix.TFD_TIMER_CANCEL_ON_SET, &at, nil); err != nil {
		return fmt.Errorf("cannot set a timer: %w", err)
	}
	defer context.AfterFunc(ctx, func() { timer.Close() })()
	_, err = timer.Read(make([]byte, 8))
	if err == nil || errors.Is(err, unix.ECANCELED) || ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("cannot wait for a timer: %w", err)
}
