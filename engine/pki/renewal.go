package pki

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/durable"
)

// renewal is one pass over all certificates. After the first error nothing more is done.
type renewal struct {
	now     time.Time
	renewed []string
	err     error
}

// ownCA makes a self-signed authority, or reads the one that is there. Near its end it gets a new
// certificate for its old key, so that what it has signed stays valid.
func (r *renewal) ownCA(base, commonName string) *pair {
	return r.ensure(base, nil,
		func(kept *x509.Certificate) bool { return !endsSoon(kept, r.now) },
		func(key signer) (*pair, error) { return issueCA(key, commonName, r.now) })
}

// clusterCA is the configured one, if there is one.
func (r *renewal) clusterCA(c config.Config) *pair {
	if c.CACertificate == "" || r.err != nil {
		return r.ownCA(c.PKI(CA, CA), "kubesolo-ca")
	}
	given, err := readGivenCA(c.CACertificate, c.CAKey, r.now)
	r.err = err
	return given
}

// leaf keeps a certificate that is still right, and otherwise issues it again for the kept key.
func (r *renewal) leaf(c config.Config, ca *pair, subject Subject) *pair {
	if r.err != nil {
		return nil
	}
	var chain []byte
	if subject.WithCA {
		chain = encodeCertificate(ca.certificate)
	}
	return r.ensure(c.PKI(subject.Folder, subject.Folder), chain,
		func(kept *x509.Certificate) bool { return isCurrent(kept, ca.certificate, subject, r.now) },
		func(key signer) (*pair, error) { return issueLeaf(key, ca, subject, r.now) })
}

// ensure: chain is what the file has behind the certificate.
func (r *renewal) ensure(base string, chain []byte, isGood func(*x509.Certificate) bool, issue func(signer) (*pair, error)) *pair {
	if r.err != nil {
		return nil
	}
	key, err := ensureKey(base)
	if err != nil {
		r.err = err
		return nil
	}
	made, missing := readPair(base, key)
	if missing != nil || !isGood(made.certificate) {
		made, err = issue(key)
	}
	if err == nil {
		err = r.write(base, append(encodeCertificate(made.certificate), chain...), missing)
	}
	if err != nil {
		r.err = fmt.Errorf("cannot issue %s.crt: %w", base, err)
		return nil
	}
	return made
}

// write replaces <base>.crt unless it says the same; missing: why it couldn't be read before.
func (r *renewal) write(base string, text []byte, missing error) error {
	if kept, err := os.ReadFile(base + ".crt"); err == nil && bytes.Equal(kept, text) {
		return nil
	}
	if !errors.Is(missing, fs.ErrNotExist) {
		r.renewed = append(r.renewed, filepath.Base(base))
	}
	return durable.Replace(base+".crt", text, 0o644)
}

func (r *renewal) kubeconfig(c config.Config, ca, user *pair, folder string) {
	if r.err == nil {
		r.err = writeKubeconfig(c, ca, user, folder)
	}
}

// isCurrent says whether a certificate can stay: right issuer, right subject, all names, and time left.
func isCurrent(certificate, ca *x509.Certificate, subject Subject, now time.Time) bool {
	if certificate.CheckSignatureFrom(ca) != nil || certificate.Subject.CommonName != subject.CommonName {
		return false
	}
	// A certificate can't outlive its issuer; making it again would not help.
	if endsSoon(certificate, now) && certificate.NotAfter.Before(ca.NotAfter) {
		return false
	}
	for _, name := range subject.DNSNames {
		if !contains(certificate.DNSNames, name, func(a, b string) bool { return a == b }) {
			return false
		}
	}
	for _, ip := range subject.IPs {
		if !contains(certificate.IPAddresses, ip, net.IP.Equal) {
			return false
		}
	}
	return true
}

func endsSoon(certificate *x509.Certificate, now time.Time) bool {
	return now.Add(renewBefore).After(certificate.NotAfter)
}

func contains[T any](list []T, wanted T, equal func(T, T) bool) bool {
	for _, item := range list {
		if equal(item, wanted) {
			return true
		}
	}
	return false
}
