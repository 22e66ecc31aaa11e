package clock

import (
	"fmt"
	"time"
)

// A token that a pod holds was made to be valid from then on, with a minute's leeway. The kubelet replaces
// it when it expires, and so not at all while the clock says that it wasn't made yet.
const tokensBackwards = 10 * time.Minute

// Jump is how far the wall clock was set between two readings of time.Now, back when negative: how much
// further it has gone than Go's own clock, which nobody sets. Pure.
func Jump(before, now time.Time) time.Duration {
	return now.Round(0).Sub(before.Round(0)) - now.Sub(before)
}

// CheckTokens says why pods can't use their tokens after the clock was set by so much; nil means: they
// can. After a start, the kubelet gives them new ones. Pure.
func CheckTokens(jump time.Duration) error {
	if jump > -tokensBackwards {
		return nil
	}
	return fmt.Errorf("the clock was set back by %s: starting again, with new tokens for pods", -jump.Round(time.Second))
}
