package pki

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/durable"
	"kubesolo-os/engine/given"
)

// ClientAuthorities is the file of all whose certificates the API server takes: the cluster's CA, and those of the setting
// kubernetes.apiServer.clientCA.
func ClientAuthorities(c config.Config) string { return c.PKI("client-authorities.crt") }

// TrustClients writes the file ClientAuthorities. What of the configured ones can't be used is left out, and returned as
// sentences: the node starts, and its own CA always counts, so that somebody can mend it.
func TrustClients(c config.Config, now time.Time) (problems []string, err error) {
	own, err := os.ReadFile(Certificate(c, CA))
	if err != nil {
		return nil, err
	}
	more, problems := readAuthorities(c.ClientCA, now)
	text := append(bytes.TrimSpace(own), '\n')
	for _, certificate := range more {
		text = append(text, encodeCertificate(certificate)...)
	}
	if kept, err := os.ReadFile(ClientAuthorities(c)); err == nil && bytes.Equal(kept, text) {
		return problems, nil
	}
	return problems, durable.Replace(ClientAuthorities(c), text, 0o644)
}

// Fingerprint of the cluster's CA, as the console shows it: "SHA256:" and the hash of the certificate (DER) in base64
// without its padding, as OpenSSH writes fingerprints.
func Fingerprint(c config.Config) (string, error) {
	text, err := os.ReadFile(Certificate(c, CA))
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return "", fmt.Errorf("%s holds no PEM block", Certificate(c, CA))
	}
	hash := sha256.Sum256(block.Bytes)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(hash[:]), nil
}

func readAuthorities(file string, now time.Time) (usable []*x509.Certificate, problems []string) {
	if file == "" {
		return nil, nil
	}
	text, err := given.Read(file)
	if err != nil {
		return nil, []string{fmt.Sprintf("the client CA isn't trusted: %v (%s)", err, file)}
	}
	usable, problems = parseAuthorities(text, now)
	if len(usable) == 0 && len(problems) == 0 {
		problems = []string{"the client CA isn't trusted: no certificate in PEM is in it"}
	}
	for i := range problems {
		problems[i] += " (" + file + ")"
	}
	return usable, problems
}

// parseAuthorities takes all certificates of a text in PEM that are authorities'. One whose time is over stays: the clock
// may be wrong, and the API server looks at it at each request. Pure.
func parseAuthorities(text []byte, now time.Time) (usable []*x509.Certificate, problems []string) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			problems = append(problems, "a private key lies with the client CA, and nobody needs it on the node: take it away, and make a new CA if others could read it")
		}
		if block.Type != certificateBlock {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		switch {
		case err != nil:
			problems = append(problems, fmt.Sprintf("the client CA isn't trusted: %v", err))
		case !certificate.BasicConstraintsValid || !certificate.IsCA:
			problems = append(problems, fmt.Sprintf("%q isn't trusted for clients: it is not a CA's certificate", certificate.Subject.CommonName))
		default:
			usable = append(usable, certificate)
			problems = append(problems, outOfTime(certificate, now)...)
		}
	}
	return usable, problems
}

func outOfTime(certificate *x509.Certificate, now time.Time) []string {
	name := certificate.Subject.CommonName
	switch {
	case now.Before(certificate.NotBefore):
		return []string{fmt.Sprintf("the client CA %q is valid from %s on; this machine's clock says %s", name, day(certificate.NotBefore), day(now))}
	case now.After(certificate.NotAfter):
		return []string{fmt.Sprintf("the client CA %q ended at %s: its certificates aren't taken; this machine's clock says %s", name, day(certificate.NotAfter), day(now))}
	}
	return nil
}
