package host

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// failure is an error with a code of its own; others get that of their errno.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (f *Failure) Error() string { return f.Message }

func failed(code, format string, values ...any) error {
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
	var noName *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "ETIMEDOUT"
	case errors.As(err, &noName):
		return "ENOTFOUND"
	case isTLS(err):
		return "ETLS"
	case errors.As(err, &errno) && unix.ErrnoName(errno) != "":
		return unix.ErrnoName(errno)
	case errors.Is(err, io.ErrUnexpectedEOF): // a body that ends early
		return "EPROTO"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, exec.ErrNotFound):
		return "ENOENT"
	}
	return "EIO"
}

func isTLS(err error) bool {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid) ||
		errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert)
}
