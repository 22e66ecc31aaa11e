package pki

import (
	"errors"
	"fmt"
	"time"

	"kubesolo-os/engine/given"
)

// readGivenCA reads a CA that somebody else made. It is used where it is and never written.
func readGivenCA(certificateFile, keyFile string, now time.Time) (*pair, error) {
	text, err := given.Read(keyFile)
	if err != nil {
		return nil, fmt.Errorf("cannot read the CA's key %s: %w", keyFile, err)
	}
	key, err := parseKey(keyFile, text)
	if err != nil {
		return nil, err
	}
	authority, err := readCertificate(certificateFile, key)
	if err != nil {
		return nil, fmt.Errorf("cannot use the CA with the key %s: %w", keyFile, err)
	}
	return authority, authority.checkCA(certificateFile, now)
}

// checkCA refuses what no certificate below it could be valid with. Pure.
func (p *pair) checkCA(file string, now time.Time) error {
	certificate := p.certificate
	switch {
	case !certificate.IsCA:
		return errors.New(file + " is not a CA's certificate")
	case now.Before(certificate.NotBefore):
		return fmt.Errorf("the CA %s is valid from %s on; this machine's clock says %s", file, day(certificate.NotBefore), day(now))
	case now.After(certificate.NotAfter):
		return fmt.Errorf("the CA %s ended at %s; this machine's clock says %s", file, day(certificate.NotAfter), day(now))
	}
	return nil
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
