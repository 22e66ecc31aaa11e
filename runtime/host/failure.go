package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Failure is an error with a code of its own; others get that of their errno.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (f *Failure) Error() string { return f.Message }

func Failed(code, format string, values ...any) error {
	return &Failure{Code: code, Message: fmt.Sprintf(format, values...)}
}

// AsFailure finds the code that src/agent/host.ts promises.
func AsFailure(err error) *Failure {
	var own *Failure
	if errors.As(err, &own) {
		return own
	}
	return &Failure{Code: codeOf(err), Message: err.Error()}
}

func codeOf(err error) string {
	var errno syscall.Errno
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "ETIMEDOUT"
	case errors.As(err, &errno) && unix.ErrnoName(errno) != "":
		return unix.ErrnoName(errno)
	case errors.Is(err, io.ErrUnexpectedEOF): // a body that ends early
		return "EPROTO"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, exec.ErrNotFound):
		return "ENOENT"
	}
	return "EIO"
}
