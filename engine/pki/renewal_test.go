package pki

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"
	"time"
)

// verify checks the chain of a certificate as a client would at that time.
func verify(certificate, ca *x509.Certificate, now time.Time) error {
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	_, err := certificate.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err
}

func TestAfterAnyTimeInADrawer(t *testing.T) {
	tests := []struct {
		name    string
		later   time.Duration
		renewed bool // the certificates
		newCA   bool
	}{
		{"a day", 24 * time.Hour, false, false},
		{"eight years", 8 * year, false, false},
		{"just before the end", leafLifetime - time.Hour, true, false},
		{"eleven years", 11 * year, true, false},
		{"thirty years", 30 * year, true, false},
		{"just before the CA's end", caLifetime - 24*time.Hour, true, true},
		{"a hundred years", 100 * year, true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := testConfig(t)
			ensure(t, c, today)
			oldCA := load(t, c, CA)
			now := today.Add(test.later)
			renewed, err := Ensure(c, now)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(renewed, APIServer) != test.renewed || slices.Contains(renewed, CA) != test.newCA {
				t.Errorf("renewed %v", renewed)
			}
			if string(load(t, c, CA).RawSubjectPublicKeyInfo) != string(oldCA.RawSubjectPublicKeyInfo) {
				t.Error("the CA's key has changed")
			}
			for _, subject := range subjects(c) {
				if err := verify(load(t, c, subject.Folder), load(t, c, CA), now); err != nil {
					t.Errorf("%s: %v", subject.Folder, err)
				}
			}
			if err := verify(load(t, c, FrontProxy), load(t, c, FrontProxyCA), now); err != nil {
				t.Errorf("front proxy: %v", err)
			}
			if renewed, err := Ensure(c, now); err != nil || len(renewed) > 0 {
				t.Errorf("again at the same time: renewed %v, %v", renewed, err)
			}
		})
	}
}

func TestTheFirstStartRenewsNothing(t *testing.T) {
	if renewed, err := Ensure(testConfig(t), today); err != nil || len(renewed) > 0 {
		t.Errorf("renewed %v, %v", renewed, err)
	}
}

// A clock that is wrong, in either direction, and then right must not leave the node unusable.
func TestJumpingClocks(t *testing.T) {
	tests := []struct {
		name  string
		times []time.Time
	}{
		{"1970, then right", []time.Time{time.Unix(30, 0), today}},
		{"1970, then right after twelve years", []time.Time{time.Unix(30, 0), earliest.Add(12 * year)}},
		{"far ahead, then right", []time.Time{today.Add(40 * year), today}},
		{"right, then 1970, then right", []time.Time{today, time.Unix(0, 0), today.Add(9*year + time.Hour)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := testConfig(t)
			for _, now := range test.times {
				ensure(t, c, now)
				if err := verify(load(t, c, APIServer), load(t, c, CA), now); err != nil {
					t.Errorf("at %v: %v", now, err)
				}
			}
		})
	}
}

func TestAGivenCA(t *testing.T) {
	theirs := testConfig(t)
	ensure(t, theirs, today)
	c := testConfig(t)
	ensure(t, c, today)
	own := load(t, c, CA)

	c.CACertificate, c.CAKey = Certificate(theirs, CA), Key(theirs, CA)
	before := content(t, theirs.PKI())
	ensure(t, c, today)
	if err := verify(load(t, c, APIServer), load(t, theirs, CA), today); err != nil {
		t.Errorf("not signed by the given CA: %v", err)
	}
	if after := content(t, theirs.PKI()); len(after) != len(before) || after[c.CAKey] != before[c.CAKey] {
		t.Error("the given CA's folder was written to")
	}
	c.CACertificate, c.CAKey = "", ""
	ensure(t, c, today)
	if !load(t, c, CA).Equal(own) || verify(load(t, c, APIServer), own, today) != nil {
		t.Error("the own CA isn't used again")
	}
}

func TestAGivenCAIsRefused(t *testing.T) {
	first, second := testConfig(t), testConfig(t)
	ensure(t, first, today)
	ensure(t, second, today)
	tests := []struct {
		name             string
		certificate, key string
		now              time.Time
		want             string
	}{
		{"missing key", Certificate(first, CA), "/nowhere/ca.key", today, "/nowhere/ca.key"},
		{"missing certificate", "/nowhere/ca.crt", Key(first, CA), today, "/nowhere/ca.crt"},
		{"another's key", Certificate(first, CA), Key(second, CA), today, "is not the certificate of its key"},
		{"a certificate that is no CA's", Certificate(first, Admin), Key(first, Admin), today, "is not a CA's certificate"},
		{"files exchanged", Key(first, CA), Certificate(first, CA), today, "cannot parse"},
		{"an ended one", Certificate(first, CA), Key(first, CA), today.Add(51 * year), "ended at 2077"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := testConfig(t)
			c.CACertificate, c.CAKey = test.certificate, test.key
			if _, err := Ensure(c, test.now); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestAGivenCANearItsEndIsUsedWithoutRenewingAgainAndAgain(t *testing.T) {
	theirs := testConfig(t)
	ensure(t, theirs, today)
	c := testConfig(t)
	c.CACertificate, c.CAKey = Certificate(theirs, CA), Key(theirs, CA)
	late := today.Add(caLifetime - 30*24*time.Hour)
	ensure(t, c, late)
	if renewed, err := Ensure(c, late.Add(time.Hour)); err != nil || len(renewed) > 0 {
		t.Errorf("renewed %v, %v", renewed, err)
	}
}
