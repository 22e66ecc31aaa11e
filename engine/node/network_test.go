package node

import (
	"fmt"
	"net/netip"
	"testing"
)

func TestOutsideAddresses(t *testing.T) {
	interfaces := []networkInterface{
		{name: "lo", addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}},
		{name: "eth1", addresses: []netip.Addr{netip.MustParseAddr("192.0.2.9"), netip.MustParseAddr("2001:db8::1")}},
		{name: "eth0", addresses: []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("169.254.3.4"), netip.MustParseAddr("192.0.2.9")}},
		{name: "cni0", addresses: []netip.Addr{netip.MustParseAddr("10.42.0.1")}},
		{name: "veth12", addresses: []netip.Addr{netip.MustParseAddr("10.42.0.7")}},
	}
	if got := fmt.Sprint(outsideAddresses(interfaces)); got != "[192.0.2.1 192.0.2.9]" {
		t.Errorf("got %s", got)
	}
}
