// Package crash tells of an end that nothing in the process could tell of: a panic in some goroutine. The Go runtime
// writes it into a file, and the next start reads that.
package crash

import (
	"strings"

	"kubesolo-os/engine/logs"
)

// Report is why a run of the engine ended.
type Report struct {
	Reason    string // "runtime error: slice bounds out of range [:12] with length 3"
	Function  string // where it happened
	Component string // whose goroutine it was; empty when none is known
	Again     bool   // the run before it ended in the same place, not long before
}

// beginnings of what the runtime writes.
var beginnings = []string{"panic: ", "fatal error: "}

// parse reads what the runtime wrote: the reason, then the stack of the goroutine, the innermost function first. Pure.
func parse(text string) (report Report, found bool) {
	inStack := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case report.Reason == "":
			report.Reason = reasonIn(line)
		case strings.HasPrefix(line, "goroutine "):
			if inStack { // another one
				return report, true
			}
			inStack = true
		case inStack && line != "" && line[0] != '\t':
			report.addFrame(functionIn(line))
		}
	}
	return report, report.Reason != ""
}

func reasonIn(line string) string {
	for _, beginning := range beginnings {
		if reason, is := strings.CutPrefix(line, beginning); is {
			return strings.TrimSpace(strings.TrimSuffix(reason, "[recovered]"))
		}
	}
	return ""
}

// addFrame: the runtime and those that only pass a panic on aren't where it happened. Nor is whoever looked at it: they come
// before panic, which comes before the function that called it.
func (r *Report) addFrame(function string) {
	if function == "panic" {
		r.Function, r.Component = "", ""
		return
	}
	isPassedOn := strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "k8s.io/apimachinery/pkg/util/runtime.")
	if r.Function == "" && !isPassedOn {
		r.Function = function
	}
	if r.Component == "" {
		r.Component = logs.ComponentOf(function)
	}
}

// functionIn is "a/b.(*C).d" of "a/b.(*C).d(0xc000…)" and of "created by a/b.(*C).d in goroutine 7". Pure.
func functionIn(line string) string {
	if creator, is := strings.CutPrefix(line, "created by "); is {
		creator, _, _ = strings.Cut(creator, " in goroutine")
		return creator
	}
	if end := strings.LastIndex(line, "("); end > 0 {
		return line[:end]
	}
	return line
}
