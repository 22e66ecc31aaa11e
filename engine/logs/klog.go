package logs

import (
	"fmt"
	"strings"

	"github.com/go-logr/logr"
)

// textWriter receives klog's unstructured entries: "E1123 00:18:26.123456    42 file.go:123] message".
func textWriter(debug bool) func([]byte) {
	return func(entry []byte) {
		severity, message := splitHeader(string(entry))
		switch severity {
		case 'I':
			if debug {
				write(message)
			}
		case 'F':
			if !quiet.Load() {
				Line(callingComponent(), "%s", message)
			}
			exit(1) // before klog writes a megabyte of stacks
		default:
			write(message)
		}
	}
}

// splitHeader returns the severity's letter and what comes after the header. Pure.
func splitHeader(entry string) (byte, string) {
	if entry == "" {
		return 'I', ""
	}
	if header, message, found := strings.Cut(entry, "] "); found && !strings.Contains(header, "\n") {
		return entry[0], message
	}
	return entry[0], entry
}

// sink receives the structured entries of klog and logr. They know no warnings, only information and
// errors.
type sink struct {
	debug     bool
	verbosity int
	values    []any
}

func (s sink) Init(logr.RuntimeInfo)        {}
func (s sink) Enabled(level int) bool       { return s.debug && level <= s.verbosity }
func (s sink) WithName(string) logr.LogSink { return s } // the component's name says enough

func (s sink) WithValues(values ...any) logr.LogSink {
	s.values = append(s.values[:len(s.values):len(s.values)], values...)
	return s
}

func (s sink) Info(_ int, message string, values ...any) {
	write(message + s.format(values))
}

func (s sink) Error(err error, message string, values ...any) {
	defer endGoroutineInsteadOfExit()
	if err != nil {
		message += ": " + err.Error()
	}
	write(message + s.format(values))
}

// format writes key=value pairs, in quotes where needed to tell them apart.
func (s sink) format(values []any) string {
	var text strings.Builder
	all := append(s.values[:len(s.values):len(s.values)], values...)
	for i := 0; i+1 < len(all); i += 2 {
		value := fmt.Sprint(all[i+1])
		if strings.ContainsAny(value, " \n\"") {
			value = fmt.Sprintf("%q", value)
		}
		fmt.Fprintf(&text, " %v=%s", all[i], value)
	}
	return text.String()
}
