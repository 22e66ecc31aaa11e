package components

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestMakeOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		started := time.Now()
		var tries []time.Duration
		refusedTwice := ownWrite{what: "it", do: func(context.Context) error {
			tries = append(tries, time.Since(started))
			if len(tries) < 3 {
				return errors.New("a webhook says no")
			}
			return nil
		}}
		neverMade := ownWrite{what: "another", do: func(context.Context) error { return errors.New("no") }}
		makeOwn(ctx, "test", refusedTwice, neverMade)
		if time.Since(started) != 0 || len(tries) != 1 {
			t.Errorf("waited %s and tried %d times", time.Since(started), len(tries))
		}
		time.Sleep(time.Hour)
		if len(tries) != 3 || tries[2] != 3*time.Second {
			t.Errorf("tried at %v", tries)
		}
		cancel() // or the other one goes on for ever, which synctest calls a deadlock
		synctest.Wait()
	})
}
