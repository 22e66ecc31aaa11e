package logs

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// A component that fails again and again says so again and again: a full disk makes hundreds of lines a
// minute. The first of a kind tell all that is to know; of the rest, their number.
const (
	repeatsShown  = 3
	repeatsWindow = time.Minute
	kindsKept     = 500
)

type repeats struct {
	mutex sync.Mutex
	kinds map[string]*kind
}

// kind is a message that has come before, but for its numbers.
type kind struct {
	since         time.Time
	shown, hidden int
}

// pass says whether a message is to be written, and adds how many like it were not.
func (r *repeats) pass(message string, now time.Time) (string, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	key := kindOf(message)
	found := r.kinds[key]
	if found == nil {
		if len(r.kinds) >= kindsKept || r.kinds == nil {
			r.kinds = map[string]*kind{} // rather forget what was said than grow
		}
		found = &kind{since: now}
		r.kinds[key] = found
	}
	hidden := 0
	if now.Sub(found.since) >= repeatsWindow {
		hidden = found.hidden
		*found = kind{since: now}
	}
	if found.shown >= repeatsShown {
		found.hidden++
		return "", false
	}
	found.shown++
	if hidden > 0 {
		message = fmt.Sprintf("%s (and %d more like this since the last one)", strings.TrimSpace(message), hidden)
	}
	return message, true
}

const kindLength = 160

// kindOf is the beginning of a message without digits, which are times, counts, addresses and generated
// names. Pure.
func kindOf(message string) string {
	var text strings.Builder
	for _, letter := range message {
		if text.Len() >= kindLength {
			break
		}
		if letter < '0' || letter > '9' {
			text.WriteRune(letter)
		}
	}
	return text.String()
}
