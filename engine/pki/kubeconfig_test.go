package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/client-go/tools/clientcmd"

	"kubesolo-os/engine/config"
)

func TestComponentsReadTheirCertificatesFromFiles(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, today)
	client, err := clientcmd.BuildConfigFromFlags("", Kubeconfig(c, Scheduler))
	if err != nil {
		t.Fatal(err)
	}
	if client.CertFile != Certificate(c, Scheduler) || client.KeyFile != Key(c, Scheduler) || len(client.CertData) > 0 {
		t.Errorf("got %+v", client.TLSClientConfig)
	}
}

func TestKubeconfig(t *testing.T) {
	c := testConfig(t)
	ensure(t, c, today)
	info, err := os.Stat(c.AdminKubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode().Perm())
	}
	client, err := clientcmd.BuildConfigFromFlags("", c.AdminKubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	if client.Host != config.APIServerURL || len(client.CertData) == 0 || len(client.KeyData) == 0 || len(client.CAData) == 0 {
		t.Errorf("not self-contained: %+v", client)
	}
}

// Each of these would be something else in YAML without quotes.
func TestStrangeNamesAreReadAsTheyAre(t *testing.T) {
	for _, name := range []string{"yes", "1e3", "a: b # c", `say "no"`, "'", "- x", "{{.Key}}", "*all", "\u00fc\n"} {
		c := config.Config{ServiceNetwork: netip.MustParsePrefix(config.DefaultServiceNetwork), Path: filepath.Join(t.TempDir(), name)}
		user := &pair{certificate: &x509.Certificate{Subject: pkix.Name{CommonName: name}}}
		if err := os.MkdirAll(c.PKI(Proxy), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := writeKubeconfig(c, nil, user, Proxy); err != nil {
			t.Fatal(err)
		}
		read, err := clientcmd.LoadFromFile(Kubeconfig(c, Proxy))
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		used := read.Contexts[read.CurrentContext]
		if used == nil || read.AuthInfos[used.AuthInfo] == nil || used.AuthInfo != name {
			t.Errorf("%q: got %+v", name, read)
			continue
		}
		if access := read.AuthInfos[name]; access.ClientKey != Key(c, Proxy) || read.Clusters[used.Cluster].CertificateAuthority != Certificate(c, CA) {
			t.Errorf("%q: got %+v", name, access)
		}
	}
}
