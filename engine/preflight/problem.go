// Package preflight looks at the host before anything is touched, and says at once all that would keep
// the node from running, or running well. The checks are pure functions of Facts; the files read_*.go read.
package preflight

import (
	"fmt"
	"slices"

	"kubesolo-os/engine/config"
)

// Problem is one thing that is wrong with the host.
type Problem struct {
	Fatal bool   // the node can't run; otherwise something is missing or worse than it should be
	What  string // with who needs it
	Hint  string // what to do about it
}

func (p Problem) String() string {
	if p.Fatal {
		return fmt.Sprintf("problem: %s; %s", p.What, p.Hint)
	}
	return fmt.Sprintf("warning: %s; %s", p.What, p.Hint)
}

// Check lists all problems, the fatal ones first. Pure.
func Check(f Facts, c config.Config) []Problem {
	if f.Holder.Present { // all else would only be its doing
		return checkHolder(f.Holder, c)
	}
	checks := [][]Problem{
		checkProcess(f.Process),
		checkKernel(f.Kernel, c),
		checkCgroups(f.Cgroups),
		checkPrograms(f.Programs, c),
		checkPorts(f.Listeners, c),
		checkState(f.State, c),
		checkMachine(f.Machine),
		checkOverlaps(f.Overlaps),
		checkUnknown(f.Unknown),
	}
	problems := slices.Concat(checks...)
	slices.SortStableFunc(problems, func(a, b Problem) int { return severity(b) - severity(a) })
	return problems
}

// HasFatal says whether one of the problems keeps the node from running. Pure.
func HasFatal(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Fatal })
}

func severity(p Problem) int {
	if p.Fatal {
		return 1
	}
	return 0
}

func checkOverlaps(overlaps []string) (problems []Problem) {
	for _, each := range overlaps {
		problems = append(problems, warning("until then nothing there can be reached", "%s", each))
	}
	return problems
}

func checkUnknown(unknown []string) (problems []Problem) {
	for _, what := range unknown {
		problems = append(problems, Problem{What: "could not find out " + what, Hint: "going on as if all was well"})
	}
	return problems
}

func fatal(hint, format string, args ...any) Problem {
	return Problem{Fatal: true, What: fmt.Sprintf(format, args...), Hint: hint}
}

func warning(hint, format string, args ...any) Problem {
	return Problem{What: fmt.Sprintf(format, args...), Hint: hint}
}
