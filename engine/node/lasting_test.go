package node

import (
	"net"
	"net/netip"
	"os"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func TestAddressesThatLast(t *testing.T) {
	for _, test := range []struct {
		name, address string
		flags         int
		want          bool
	}{
		{"of a router's prefix", "2001:db8::a1", unix.IFA_F_MANAGETEMPADDR, true},
		{"a fixed one", "fd00::2", unix.IFA_F_PERMANENT, true},
		{"for the machine's own questions", "2001:db8::b2", unix.IFA_F_TEMPORARY, false},
		{"of the prefix of yesterday", "2001:db8::a1", unix.IFA_F_DEPRECATED, false},
		{"not known yet to be nobody else's", "2001:db8::a1", unix.IFA_F_TENTATIVE, false},
		{"somebody else's", "2001:db8::a1", unix.IFA_F_PERMANENT | unix.IFA_F_DADFAILED, false},
		{"the link's", "fe80::1", unix.IFA_F_PERMANENT, false},
	} {
		if got := isLasting(netip.MustParseAddr(test.address), test.flags); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

func TestIPv6OfThePodBridge(t *testing.T) {
	enterNetwork(t)
	// As some hosts have it: not for new interfaces.
	if err := os.WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", []byte("1"), 0); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, it is there
		if err := EnsurePodBridge([]netip.Prefix{testGateway, netip.MustParsePrefix("fd42::1/64")}, 0); err != nil {
			t.Fatal(err)
		}
		if err := EnsureServiceRoute(netip.MustParsePrefix("fd43::/112"), netip.MustParseAddr("fd42::1")); err != nil {
			t.Fatal(err)
		}
	}
	if routes, err := netlink.RouteGet(net.ParseIP("fd43::10")); err != nil || routes[0].Src.String() != "fd42::1" {
		t.Errorf("a Service is asked by %v, %v", routes, err)
	}
	if addresses, err := readLastingAddresses(); err != nil || len(addresses) != 0 {
		t.Errorf("the pods' side isn't the outside: %v, %v", addresses, err)
	}
}
