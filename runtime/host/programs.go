package host

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const standardMaxOutputBytes = 64 << 10

type runOptions struct {
	TimeoutMs      int64             `json:"timeoutMs"`
	Input          Content           `json:"input"`
	Env            map[string]string `json:"env"`
	MaxOutputBytes int               `json:"maxOutputBytes"`
	OutputPath     string            `json:"outputPath"`
}

type runResult struct {
	ExitCode   int    `json:"exitCode"`
	IsTimedOut bool   `json:"isTimedOut"`
	Stdout     string `json:"stdout"`
	Stderr     string `json:"stderr"`
}

func runProgram(args []string, options runOptions) (runResult, error) {
	if len(args) == 0 {
		return runResult{}, Failed("EINVAL", "no program is named")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(options.TimeoutMs)*time.Millisecond)
	defer cancel()
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Stdin = bytes.NewReader(options.Input)
	command.Env = os.Environ()
	for name, value := range options.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	stdout, stderr := newEnd(options.MaxOutputBytes), newEnd(options.MaxOutputBytes)
	command.Stdout, command.Stderr = stdout, stderr
	if options.OutputPath != "" {
		file, err := os.OpenFile(options.OutputPath, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return runResult{}, err
		}
		defer file.Close()
		command.Stdout, command.Stderr = file, file
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	// A daemon that it leaves behind may keep its output open.
	command.WaitDelay = time.Second
	err := command.Run()
	result := runResult{IsTimedOut: ctx.Err() != nil, Stdout: stdout.text(), Stderr: stderr.text()}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		result.ExitCode = exitCode(exit)
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return runResult{}, err
	}
	return result, nil
}

// exitCode is 128 and the signal's number for one that a signal ended.
func exitCode(exit *exec.ExitError) int {
	if status, isUnix := exit.Sys().(syscall.WaitStatus); isUnix && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}

// end keeps the end of what is written to it.
type end struct {
	kept []byte
	max  int
}

func newEnd(max int) *end {
	if max <= 0 {
		max = standardMaxOutputBytes
	}
	return &end{max: max}
}

func (e *end) Write(bytes []byte) (int, error) {
	e.kept = append(e.kept, bytes...)
	// Not at every write, or each would move all of it.
	if len(e.kept) > 2*e.max {
		e.kept = append([]byte(nil), e.kept[len(e.kept)-e.max:]...)
	}
	return len(bytes), nil
}

func (e *end) text() string {
	if len(e.kept) > e.max {
		e.kept = e.kept[len(e.kept)-e.max:]
	}
	return strings.ToValidUTF8(string(e.kept), "�")
}
