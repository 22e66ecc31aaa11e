package dns

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

func testOptions() Options {
	return Options{
		Listen:     netip.MustParseAddrPort("10.42.0.1:53"),
		Service:    netip.MustParseAddr("10.43.0.10"),
		PodNetwork: netip.MustParsePrefix("10.42.0.0/16"),
		Domain:     "cluster.local",
		Reverse:    []string{"42.10.in-addr.arpa", "43.10.in-addr.arpa"},
	}
}

func TestCorefile(t *testing.T) {
	settings := testOptions()
	settings.StubZones = []StubZone{{"10.in-addr.arpa", []string{"10.0.0.53:53"}}, {"corp.example", []string{"10.0.0.53:53", "[fd00::53]:5353"}}}
	settings.Hosts = []Host{{"printer.corp.example", []string{"192.168.1.6"}}, {"registry.local", []string{"192.168.1.5", "fd00::5"}}}
	for file, test := range map[string]struct {
		options   Options
		upstreams []string
	}{
		"online.Corefile":   {testOptions(), []string{"192.168.1.1", "2001:db8::1"}},
		"offline.Corefile":  {testOptions(), nil},
		"settings.Corefile": {settings, []string{"192.168.1.1"}},
	} {
		text, err := makeCorefile(test.options, test.upstreams)
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", file)
		if os.Getenv("UPDATE") == "1" {
			if err := os.WriteFile(golden, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(text, want) {
			t.Errorf("%s differs (UPDATE=1 rewrites it):\n%s", golden, text)
		}
	}
}
