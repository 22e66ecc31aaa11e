package main

import (
	"crypto/x509"
	"encoding/pem"

	"kubesolo-os/runtime/host"
)

func readCertificate(text string) (host.CertificateFacts, error) {
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return host.CertificateFacts{}, host.Failed("EBADMSG", "not a certificate: %v", err)
		}
		maySign := certificate.KeyUsage == 0 || certificate.KeyUsage&x509.KeyUsageCertSign != 0
		return host.CertificateFacts{
			Name:        certificate.Subject.CommonName,
			IsAuthority: certificate.BasicConstraintsValid && certificate.IsCA && maySign,
			NotBeforeMs: certificate.NotBefore.UnixMilli(),
			NotAfterMs:  certificate.NotAfter.UnixMilli(),
		}, nil
	}
	return host.CertificateFacts{}, host.Failed("EBADMSG", "no certificate in PEM")
}
