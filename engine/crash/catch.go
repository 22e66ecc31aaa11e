package crash

import (
	"fmt"
	"runtime/debug"
)

// Panic is one that was caught.
type Panic struct{ Report }

func (p Panic) Error() string {
	return fmt.Sprintf("a mistake of the engine's, in %s: %s", p.Function, p.Reason)
}

// Catch is for our own loops over what others write: what one object makes fail doesn't end the rest. A panic becomes a
// Panic.
func Catch(do func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			report, _ := parse(describe(reason))
			err = Panic{report}
		}
	}()
	return do()
}

// describe is what the runtime would have written.
func describe(reason any) string {
	return fmt.Sprintf("panic: %v\n\n%s", reason, debug.Stack())
}
