package config

import (
	"net/netip"
	"testing"
)

func TestReverseZones(t *testing.T) {
	for network, want := range map[string]struct {
		count       int
		first, last string
	}{
		"10.42.0.0/16":     {1, "42.10.in-addr.arpa", "42.10.in-addr.arpa"},
		"10.0.0.0/8":       {1, "10.in-addr.arpa", "10.in-addr.arpa"},
		"172.16.0.0/12":    {16, "16.172.in-addr.arpa", "31.172.in-addr.arpa"},
		"192.168.4.0/22":   {4, "4.168.192.in-addr.arpa", "7.168.192.in-addr.arpa"},
		"192.168.4.0/24":   {1, "4.168.192.in-addr.arpa", "4.168.192.in-addr.arpa"},
		"fd42::/56":        {1, "0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa", "0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa"},
		"fd42:0:0:e0::/59": {2, "e.0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa", "f.0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa"},
		"192.168.4.16/28":  {16, "16.4.168.192.in-addr.arpa", "31.4.168.192.in-addr.arpa"},
	} {
		zones := reverseZones(netip.MustParsePrefix(network))
		if len(zones) != want.count || zones[0] != want.first || zones[len(zones)-1] != want.last {
			t.Errorf("%s: %v", network, zones)
		}
	}
}
