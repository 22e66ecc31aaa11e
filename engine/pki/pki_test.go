package pki

import (
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kubesolo-os/engine/config"
)

var today = time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)

func testConfig(t *testing.T) config.Config {
	t.Helper()
	return config.Config{Path: t.TempDir(), NodeName: "node-1", NodeIP: netip.MustParseAddr("192.168.1.10"),
		ServiceNetwork: netip.MustParsePrefix(config.DefaultServiceNetwork)}
}

func ensure(t *testing.T, c config.Config, now time.Time) {
	t.Helper()
	if _, err := Ensure(c, now); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, c config.Config, folder string) *x509.Certificate {
	t.Helper()
	loaded, err := tls.LoadX509KeyPair(Certificate(c, folder), Key(c, folder))
	if err != nil {
		t.Fatal(err)
	}
	return loaded.Leaf
}

func content(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestOnlyTheAdminIsAMaster(t *testing.T) {
	for _, subject := range subjects(testConfig(t)) {
		if subject.Organization == "system:masters" && subject.Folder != Admin {
			t.Errorf("%s is in system:masters", subject.Folder)
		}
	}
}

func TestServingCertificateIsValidForItsNames(t *testing.T) {
	c := testConfig(t)
	c.ExtraSANs = []string{"node.example.com", "10.0.0.7"}
	ensure(t, c, today)
	roots := x509.NewCertPool()
	roots.AddCert(load(t, c, CA))
	for _, name := range []string{"127.0.0.1", "192.168.1.10", "10.43.0.1", "10.0.0.7", "node.example.com", "node-1", "kubernetes.default.svc"} {
		options := x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: today}
		if _, err := load(t, c, APIServer).Verify(options); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecondStartChangesNothing(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, today)
	before := content(t, c.PKI())
	ensure(t, c, today.Add(time.Hour))
	for file, text := range content(t, c.PKI()) {
		if before[file] != text {
			t.Errorf("%s has changed", file)
		}
	}
}

func TestAnyMissingPrefixOfFilesIsRepaired(t *testing.T) {
	// Files are written in a fixed order, so a power cut leaves the first n of them.
	c := testConfig(t)
	ensure(t, c, today)
	complete := content(t, c.PKI())
	files := make([]string, 0, len(complete))
	for file := range complete {
		files = append(files, file)
	}
	slices.SortFunc(files, func(a, b string) int { return modified(t, a).Compare(modified(t, b)) })
	caKey := complete[Key(c, CA)]
	for n := range files {
		for _, file := range files[n:] {
			os.Remove(file)
		}
		ensure(t, c, today)
		if now := content(t, c.PKI()); len(now) != len(complete) {
			t.Fatalf("cut after %d files: %d files instead of %d", n, len(now), len(complete))
		}
		if slices.Contains(files[:n], Key(c, CA)) && content(t, c.PKI())[Key(c, CA)] != caKey {
			t.Fatalf("cut after %d files: the CA's key was replaced", n)
		}
		for file, text := range complete {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func modified(t *testing.T, file string) time.Time {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

func TestReissue(t *testing.T) {
	tests := []struct {
		name   string
		change func(*testing.T, *config.Config) time.Time // returns the time of the next start
		folder string
		again  bool
	}{
		{"a new node address", func(_ *testing.T, c *config.Config) time.Time {
			c.NodeIP = netip.MustParseAddr("192.168.1.11")
			return today
		}, APIServer, true},
		{"a new node address leaves clients alone", func(_ *testing.T, c *config.Config) time.Time {
			c.NodeIP = netip.MustParseAddr("192.168.1.11")
			return today
		}, Admin, false},
		{"a new node name", func(_ *testing.T, c *config.Config) time.Time { c.NodeName = "node-2"; return today }, Kubelet, true},
		{"a damaged certificate", func(t *testing.T, c *config.Config) time.Time {
			if err := os.WriteFile(Certificate(*c, Proxy), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return today
		}, Proxy, true},
		{"soon expired", func(*testing.T, *config.Config) time.Time { return today.Add(leafLifetime - renewBefore + time.Hour) }, Scheduler, true},
		{"a clock that went back", func(*testing.T, *config.Config) time.Time { return time.Unix(0, 0) }, Scheduler, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := testConfig(t)
			ensure(t, c, today)
			ca := load(t, c, CA)
			before, err := os.ReadFile(Certificate(c, test.folder))
			if err != nil {
				t.Fatal(err)
			}
			ensure(t, c, test.change(t, &c))
			after, err := os.ReadFile(Certificate(c, test.folder))
			if err != nil {
				t.Fatal(err)
			}
			if again := string(before) != string(after); again != test.again {
				t.Errorf("issued again: %v, want %v", again, test.again)
			}
			if !load(t, c, CA).Equal(ca) {
				t.Error("the CA has changed")
			}
		})
	}
}

func TestCertificatesMadeIn1970AreValidToday(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, time.Unix(30, 0))
	roots := x509.NewCertPool()
	roots.AddCert(load(t, c, CA))
	for _, now := range []time.Time{time.Unix(30, 0), today} {
		if _, err := load(t, c, APIServer).Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now}); err != nil {
			t.Errorf("at %v: %v", now, err)
		}
	}
}

func TestALostKeyIsNotReplaced(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, today)
	if err := os.Remove(Key(c, CA)); err != nil {
		t.Fatal(err)
	}
	_, err := Ensure(c, today)
	if err == nil || !strings.Contains(err.Error(), "ca.key is missing") {
		t.Errorf("got %v", err)
	}
}

func TestAKeyThatOthersCanReadIsTakenBack(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, today)
	if err := os.Chmod(Key(c, CA), 0o644); err != nil {
		t.Fatal(err)
	}
	ensure(t, c, today)
	if status, err := os.Stat(Key(c, CA)); err != nil || status.Mode().Perm() != 0o600 {
		t.Errorf("mode %v (%v)", status.Mode(), err)
	}
}
