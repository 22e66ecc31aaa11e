// Package health tells whoever asks how the engine is: at a unix socket, as text or JSON, and by
// `kubesolo status`. Nothing is watched in between: a question is answered by asking the units.
package health

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
)

// Report is the whole answer.
type Report struct {
	Ready   bool              `json:"ready"`
	Summary string            `json:"summary"` // one line for people
	Version string            `json:"version"`
	PID     int               `json:"pid"`
	Uptime  float64           `json:"uptimeSeconds"`
	Units   []lifecycle.State `json:"units"`
}

// Summarize is whether a node with these units is ready, and a line about it. Pure.
func Summarize(units []lifecycle.State) (bool, string) {
	var not, again []string
	for _, unit := range units {
		switch unit.Phase {
		case lifecycle.Ready:
		case lifecycle.Failing:
			again = append(again, unit.Name)
		default:
			not = append(not, unit.Name)
		}
	}
	switch {
	case len(again) > 0:
		return false, "not ready any more: " + strings.Join(again, ", ")
	case len(not) > 0:
		return false, fmt.Sprintf("not ready yet: %d of %d", len(not), len(units))
	}
	return true, "ready"
}

// Text is the report as a table for people. Pure.
func (r Report) Text() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (kubesolo %s, up %s)\n", r.Summary, r.Version, time.Duration(r.Uptime)*time.Second)
	if len(r.Units) == 0 {
		return text.String()
	}
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nUNIT\tSTATE\tSECONDS\tREASON")
	for _, unit := range r.Units {
		reason := logs.Printable(logs.OneLine(unit.Reason))
		fmt.Fprintf(table, "%s\t%s\t%.1f\t%s\n", unit.Name, unit.Phase, unit.Seconds, reason)
	}
	table.Flush() // to memory
	return trimLines(text.String())
}

// trimLines removes what the table leaves behind the last column.
func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
