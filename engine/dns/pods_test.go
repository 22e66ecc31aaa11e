package dns

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWhatPodsGetOfTheHostsResolvConf(t *testing.T) {
	for name, test := range map[string]struct{ host, pods string }{
		"name servers":              {"nameserver 192.0.2.1\nnameserver 192.0.2.2\n", "nameserver 192.0.2.1\nnameserver 192.0.2.2\n"},
		"a DHCP server's domain":    {"search lan\nnameserver 192.0.2.1\n", "nameserver 192.0.2.1\n"},
		"several, behind a tab":     {"search\tlan example.com\nnameserver\t192.0.2.1", "nameserver\t192.0.2.1\n"},
		"the older word for it":     {"domain lan\nnameserver 192.0.2.1\n", "nameserver 192.0.2.1\n"},
		"indented":                  {"  search lan\n  nameserver 192.0.2.1\n", "nameserver 192.0.2.1\n"},
		"options":                   {"options timeout:1\nsortlist 192.0.2.0\n", "options timeout:1\n"},
		"comments":                  {"# search lan\n; nameserver 192.0.2.9\n", ""},
		"a word that begins so":     {"searching lan\nnameservers 192.0.2.1\n", ""},
		"an empty one":              {"", ""},
		"a domain, and no server":   {"search lan", ""},
		"lines of another computer": {"search lan\r\nnameserver 192.0.2.1\r\n", "nameserver 192.0.2.1\n"},
	} {
		folder := t.TempDir()
		host, pods := filepath.Join(folder, "resolv.conf"), filepath.Join(folder, "run", "resolv.conf")
		if err := os.WriteFile(host, []byte(test.host), 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second finds it as it should be
			if err := WriteForPods(host, pods); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(pods); string(got) != test.pods || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestPodsStartWithoutAResolvConfOfTheHost(t *testing.T) {
	pods := filepath.Join(t.TempDir(), "resolv.conf")
	if err := WriteForPods(filepath.Join(t.TempDir(), "missing"), pods); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(pods); len(got) > 0 || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
