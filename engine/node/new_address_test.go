package node

import (
	"net/netip"
	"testing"
)

func TestKeepAddress(t *testing.T) {
	eth := func(addresses ...string) networkInterface {
		result := networkInterface{name: "eth0"}
		for _, address := range addresses {
			result.addresses = append(result.addresses, netip.MustParseAddr(address))
		}
		return result
	}
	tests := []struct {
		name       string
		interfaces []networkInterface
		want       string
	}{
		{"nothing has changed", []networkInterface{eth("10.0.0.1")}, "10.0.0.1"},
		{"another one came", []networkInterface{eth("10.0.0.2", "10.0.0.1")}, "10.0.0.1"},
		{"the lease has ended", []networkInterface{eth()}, "invalid IP"},
		{"only link-local is left", []networkInterface{eth("169.254.3.4", "fe80::1")}, "invalid IP"},
		{"DHCP gave another one", []networkInterface{eth("10.0.0.2")}, "10.0.0.2"},
		{"only the pods' bridge is left", []networkInterface{{name: "cni0", addresses: []netip.Addr{netip.MustParseAddr("10.42.0.1")}}}, "invalid IP"},
		{"the pods' bridge has it, too", []networkInterface{eth("10.0.0.2"), {name: "cni0", addresses: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}}, "10.0.0.2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := keepAddress(test.interfaces, "eth0", netip.MustParseAddr("10.0.0.1")).String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
