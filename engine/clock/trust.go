package clock

import (
	"fmt"
	"time"
)

// The API server makes a certificate for its own requests at every start, with which it stops working
// an hour before that start by the wall clock, and three years after it (k8s.io/apiserver,
// pkg/server/options/serving_with_loopback.go). Some time is left for what is under way.
const (
	backwards = 50 * time.Minute
	forwards  = 3*365*24*time.Hour - 30*24*time.Hour
)

// Ends is when a process that started then has to start again.
func Ends(started time.Time) time.Time { return started.Add(forwards) }

// CheckTrust says why a process that started then can't go on now; nil means: it can. Pure.
func CheckTrust(started, now time.Time) error {
	started, now = started.Round(0), now.Round(0) // Go would compare by its own clock, which nobody sets
	if now.After(started.Add(-backwards)) && now.Before(Ends(started)) {
		return nil
	}
	return fmt.Errorf("the clock says %s, and said %s at the start: starting again, with certificates for the new time",
		now.UTC().Format(time.DateTime), started.UTC().Format(time.DateTime))
}
