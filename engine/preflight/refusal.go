package preflight

import (
	"fmt"

	"kubesolo-os/engine/config"
)

// Refusal: this host can't run the engine.
type Refusal struct{ message string }

func (r Refusal) Error() string { return r.message }

// Look reads and checks, and says each problem. The error is a Refusal when one of them is fatal.
func Look(c config.Config, say func(format string, args ...any)) error {
	problems := Check(Read(c), c)
	count := 0
	for _, problem := range problems {
		say("%s", problem)
		count += severity(problem)
	}
	switch count {
	case 0:
		return nil
	case 1:
		return Refusal{"not started because of the problem above; nothing was changed"}
	}
	return Refusal{fmt.Sprintf("not started because of the %d problems above; nothing was changed", count)}
}
