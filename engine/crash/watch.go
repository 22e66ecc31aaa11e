package crash

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

// Watch reads what the last run left in the file if it crashed, keeps that beside it, and has the runtime write there
// when this one does.
func Watch(file string) (*Report, error) {
	report, ended, err := read(file)
	if err != nil {
		return nil, err
	}
	var last *Report
	if report.Reason != "" {
		last = &report
		before, endedBefore, err := read(LastFile(file))
		if err != nil {
			return nil, err
		}
		last.Again = before.Reason != "" && before.Function == last.Function && ended.Sub(endedBefore) < soon
		if err := os.Rename(file, LastFile(file)); err != nil {
			return nil, err
		}
	}
	output, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer output.Close() // the runtime has a descriptor of its own
	if err := debug.SetCrashOutput(output, debug.CrashOptions{}); err != nil {
		return nil, fmt.Errorf("cannot have crashes written to %s: %w", file, err)
	}
	return last, nil
}

// soon is more than a supervisor waits, and than the node takes to get to what it failed at.
const soon = time.Hour

// read is what a run left, and when; no report when there is none.
func read(file string) (report Report, at time.Time, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return report, at, nil
	}
	if err != nil {
		return report, at, err
	}
	status, err := os.Stat(file)
	if err != nil {
		return report, at, err
	}
	report, _ = parse(string(text))
	return report, status.ModTime(), nil
}

// LastFile is where the last crash stays, for people.
func LastFile(file string) string { return file + ".last" }
