// Package logs gives everything in the process one line format, "kubesolo: component: message", on
// stderr, and keeps it short: without --debug only warnings and errors.
package logs

import (
	"flag"
	"fmt"
	"io"
	golog "log"
	"os"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"github.com/sirupsen/logrus"
	"google.golang.org/grpc/grpclog"
	"k8s.io/klog/v2"
)

// Line writes one event. A message of several lines becomes one, and nothing in it acts on a terminal.
func Line(component, format string, args ...any) {
	if message := fmt.Sprintf(format, args...); !isOfTheStop(message) {
		fmt.Fprintf(os.Stderr, "kubesolo: %s: %s\n", component, oneLine(message))
	}
}

func oneLine(text string) string {
	return shorten(Printable(strings.ReplaceAll(strings.TrimSpace(text), "\n", " | ")))
}

const longestLine = 1600

// shorten leaves the ends of a line that holds a whole object: what was tried is at its beginning, and why
// it failed at its end. Pure.
func shorten(line string) string {
	if len(line) <= longestLine {
		return line
	}
	const half = longestLine / 2
	return fmt.Sprintf("%s … (%d bytes) … %s", strings.ToValidUTF8(line[:half], ""), len(line)-2*half, strings.ToValidUTF8(line[len(line)-half:], ""))
}

const debugVerbosity = 2

// Setup points the logging libraries of all components here. Call it once, before they start:
// their own commands would do it each, and the second time fails.
func Setup(debug bool) error {
	verbosity, level := 0, logrus.WarnLevel
	if debug {
		verbosity, level = debugVerbosity, logrus.InfoLevel
	}
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	if err := flags.Set("v", fmt.Sprint(verbosity)); err != nil {
		return fmt.Errorf("cannot set klog's verbosity: %w", err)
	}
	// A logger instead of klog's flags for outputs: containerd sets those again, to stderr.
	klog.SetLoggerWithOptions(logr.New(sink{debug: debug, verbosity: verbosity}),
		klog.ContextualLogger(true), klog.WriteKlogBuffer(textWriter(debug)))

	klog.OsExit = exit

	logrus.SetLevel(level)
	logrus.SetOutput(os.Stderr)
	logrus.SetFormatter(logrusFormatter{})
	logrus.StandardLogger().ExitFunc = exitUnlessStopping
	golog.SetFlags(0)
	golog.SetOutput(plainWriter{debug})
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, plainWriter{debug}))
	return nil
}

var said repeats

// write is what all of the libraries end in, on the goroutine that logs.
func write(message string) {
	if isNoise(message) {
		return
	}
	if message, show := said.pass(message, time.Now()); show {
		Line(callingComponent(), "%s", message)
	}
}

// logrusFormatter is for containerd and kine.
type logrusFormatter struct{}

func (logrusFormatter) Format(entry *logrus.Entry) ([]byte, error) {
	message := entry.Message
	if err, found := entry.Data[logrus.ErrorKey]; found {
		message = fmt.Sprintf("%s: %v", message, err)
	}
	if isNoise(message) {
		return nil, nil
	}
	message, show := said.pass(message, time.Now())
	if !show {
		return nil, nil
	}
	return fmt.Appendf(nil, "kubesolo: %s: %s\n", callingComponent(), oneLine(message)), nil
}
