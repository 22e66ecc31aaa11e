package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"

	"kubesolo-os/runtime/host"
)

// asFailure is host.AsFailure, which knows nothing of names and certificates.
func asFailure(err error) *host.Failure {
	var noName *net.DNSError
	var own *host.Failure
	switch failure := host.AsFailure(err); {
	case failure.Code == "ETIMEDOUT" || errors.As(err, &own):
		return failure
	case errors.As(err, &noName):
		return &host.Failure{Code: "ENOTFOUND", Message: failure.Message}
	case isTLS(err):
		return &host.Failure{Code: "ETLS", Message: failure.Message}
	default:
		return failure
	}
}

func isTLS(err error) bool {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	// What the other side refuses, such as a client without a certificate: the alert's own type isn't exported.
	var alert *net.OpError
	return errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid) ||
		errors.As(err, &verification) || errors.As(err, &record) || (errors.As(err, &alert) && alert.Op == "remote error")
}
