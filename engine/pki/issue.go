package pki

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"
)

// A machine without a battery starts in 1970, and may learn the time only later. So certificates
// are valid from 1970 on, and their end is counted from the clock or from the year this was
// written, whichever is later; then a certificate made with a wrong clock is right with a right one.
var (
	notBefore = time.Unix(0, 0).UTC()
	earliest  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

const (
	year         = 365 * 24 * time.Hour
	caLifetime   = 50 * year
	leafLifetime = 10 * year
	renewBefore  = year
)

// signer is a private key.
type signer = crypto.Signer

// pair is a certificate with its key.
type pair struct {
	certificate *x509.Certificate
	key         signer
}

func issueCA(key signer, commonName string, now time.Time) (*pair, error) {
	template, err := newTemplate(now, caLifetime)
	if err != nil {
		return nil, err
	}
	template.Subject = pkix.Name{CommonName: commonName}
	template.IsCA = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature
	return sign(template, key, &pair{template, key})
}

func issueLeaf(key signer, ca *pair, subject Subject, now time.Time) (*pair, error) {
	template, err := newTemplate(now, leafLifetime)
	if err != nil {
		return nil, err
	}
	template.Subject = pkix.Name{CommonName: subject.CommonName}
	if subject.Organization != "" {
		template.Subject.Organization = []string{subject.Organization}
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if subject.Server {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	if ca.certificate.NotAfter.Before(template.NotAfter) {
		template.NotAfter = ca.certificate.NotAfter
	}
	template.DNSNames = subject.DNSNames
	template.IPAddresses = subject.IPs
	return sign(template, key, ca)
}

func newTemplate(now time.Time, lifetime time.Duration) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	if now.Before(earliest) {
		now = earliest
	}
	return &x509.Certificate{
		SerialNumber:          serial,
		NotBefore:             notBefore,
		NotAfter:              now.UTC().Add(lifetime),
		BasicConstraintsValid: true,
	}, nil
}

func sign(template *x509.Certificate, key signer, issuer *pair) (*pair, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, key.Public(), issuer.key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &pair{certificate, key}, err
}
