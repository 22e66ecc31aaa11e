package dns

import (
	"net/netip"
	"testing"
)

func TestIsServed(t *testing.T) {
	l := local{podNetwork: netip.MustParsePrefix("10.42.0.0/16")}
	for _, test := range []struct {
		name, client string
		want         bool
	}{
		{"a pod", "10.42.3.4", true},
		{"the node itself", "127.0.0.1", true},
		{"a machine on the network", "192.0.2.7", false},
		{"a Service's address", "10.43.0.10", false},
	} {
		if got := l.isServed(netip.MustParseAddr(test.client)); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
	if l.isServed(addressOf(nil)) {
		t.Error("a client without an address is served")
	}
}
