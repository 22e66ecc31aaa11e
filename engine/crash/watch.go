package crash

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

// Watch reads what the last run left in the file if it crashed, keeps that beside it, and has the runtime write there
// when this one does.
func Watch(file string) (*Report, error) {
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var last *Report
	if report, found := parse(string(text)); found {
		last = &report
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

// LastFile is where the last crash stays, for people.
func LastFile(file string) string { return file + ".last" }
