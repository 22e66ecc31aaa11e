package pki

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kubesolo-os/engine/config"
)

// trusted are the certificates that the API server takes clients' of.
func trusted(t *testing.T, c config.Config) (found []*x509.Certificate) {
	t.Helper()
	rest, err := os.ReadFile(ClientAuthorities(c))
	if err != nil {
		t.Fatal(err)
	}
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, certificate)
	}
	return found
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestClientAuthorities(t *testing.T) {
	theirs, others := testConfig(t), testConfig(t)
	ensure(t, theirs, today)
	ensure(t, others, today)
	ca, other := read(t, Certificate(theirs, CA)), read(t, Certificate(others, CA))
	tests := []struct {
		name, text string
		now        time.Time
		trusted    int // besides the cluster's CA
		problem    string
	}{
		{"one", ca, today, 1, ""},
		{"two, with what openssl -text writes", "Certificate:\n    Data:\n" + ca + "\n" + other, today, 2, ""},
		{"Windows' ends of lines", strings.ReplaceAll(ca, "\n", "\r\n"), today, 1, ""},
		{"none", "nothing\n", today, 0, "no certificate in PEM is in it"},
		{"an empty file", "", today, 0, "no certificate in PEM is in it"},
		{"a certificate that is no CA's", read(t, Certificate(theirs, Scheduler)), today, 0, "is not a CA's certificate"},
		{"one of two is no CA's", read(t, Certificate(theirs, Scheduler)) + other, today, 1, "is not a CA's certificate"},
		{"its key with it", ca + read(t, Key(theirs, CA)), today, 1, "a private key lies with the client CA"},
		{"a certificate that is broken", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", today, 0, "the client CA isn't trusted"},
		{"one that has ended", ca, today.Add(51 * year), 1, "ended at 2077"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := testConfig(t)
			ensure(t, c, test.now)
			c.ClientCA = filepath.Join(t.TempDir(), "client-ca.crt")
			if err := os.WriteFile(c.ClientCA, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			problems, err := TrustClients(c, test.now)
			if err != nil {
				t.Fatal(err)
			}
			if told := strings.Join(problems, "\n"); !strings.Contains(told, test.problem) || (test.problem == "") != (told == "") {
				t.Errorf("told %q, want %q", told, test.problem)
			}
			found := trusted(t, c)
			if len(found) != 1+test.trusted || !found[0].Equal(load(t, c, CA)) {
				t.Errorf("%d are trusted, want the own CA and %d", len(found), test.trusted)
			}
			if strings.Contains(read(t, ClientAuthorities(c)), "PRIVATE KEY") {
				t.Error("the private key was copied")
			}
		})
	}
}

func TestWithoutItsFileTheOwnCACounts(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, today)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c.ClientCA = range []string{"/nowhere/client-ca.crt", pipe} {
		problems, err := TrustClients(c, today)
		if err != nil || len(problems) != 1 || !strings.Contains(problems[0], c.ClientCA) {
			t.Errorf("told %q, %v", problems, err)
		}
	}
	if found := trusted(t, c); len(found) != 1 {
		t.Errorf("%d are trusted", len(found))
	}
}

func TestAReplacedClientCAIsTrustedNoMore(t *testing.T) {
	first, second := testConfig(t), testConfig(t)
	ensure(t, first, today)
	ensure(t, second, today)
	c := testConfig(t)
	ensure(t, c, today)
	for _, given := range []config.Config{first, second, {}} {
		c.ClientCA = ""
		if given.Path != "" {
			c.ClientCA = Certificate(given, CA)
		}
		if _, err := TrustClients(c, today); err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(read(t, ClientAuthorities(c))))
		for _, other := range []config.Config{first, second} {
			_, err := load(t, other, Admin).Verify(x509.VerifyOptions{Roots: roots, CurrentTime: today, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
			if taken := err == nil; taken != (other.Path == given.Path) {
				t.Errorf("with %q, the admin of %q is taken: %v", given.Path, other.Path, taken)
			}
		}
	}
}

func TestTheHandshakeHasTheCA(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, today)
	ca := load(t, c, CA)
	for _, test := range []struct {
		name   string
		change func()
	}{
		{"a new node", func() {}},
		{"one of a release that wrote no chain", func() {
			leaf := encodeCertificate(load(t, c, APIServer))
			if err := os.WriteFile(Certificate(c, APIServer), leaf, 0o644); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		test.change()
		ensure(t, c, today)
		served, err := tls.LoadX509KeyPair(Certificate(c, APIServer), Key(c, APIServer))
		if err != nil {
			t.Fatal(err)
		}
		if len(served.Certificate) != 2 || !bytes.Equal(served.Certificate[1], ca.Raw) {
			t.Fatalf("%s: %d certificates", test.name, len(served.Certificate))
		}
		hash := sha256.Sum256(served.Certificate[1])
		fingerprint, err := Fingerprint(c)
		if want := "SHA256:" + base64.RawStdEncoding.EncodeToString(hash[:]); err != nil || fingerprint != want {
			t.Errorf("%s: fingerprint %q, %v, want %q", test.name, fingerprint, err, want)
		}
	}
}
