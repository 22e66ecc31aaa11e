package node

import (
	"net"
	"net/netip"
	"testing"

	"github.com/vishvananda/netlink"
)

const nodeAddress = "192.0.2.9"

func TestEnsureServiceRoute(t *testing.T) {
	enterNetwork(t)
	if err := EnsurePodBridge([]netip.Prefix{testGateway}, 0); err != nil {
		t.Fatal(err)
	}
	card := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "card"}, PeerName: "peer"}
	address, _ := netlink.ParseAddr(nodeAddress + "/24")
	for _, err := range []error{netlink.LinkAdd(card), netlink.AddrAdd(card, address), setUp("card"), setUp("peer")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time, it is there
		if err := EnsureServiceRoute(netip.MustParsePrefix("10.43.0.0/16"), netip.MustParseAddr(nodeAddress)); err != nil {
			t.Fatal(err)
		}
	}
	bridge, _ := netlink.LinkByName(PodBridge)
	checkRoute(t, "by the bridge", bridge.Attrs().Index)

	if err := netlink.RouteAdd(&netlink.Route{LinkIndex: card.Attrs().Index, Gw: net.ParseIP("192.0.2.1")}); err != nil {
		t.Fatal(err)
	}
	checkRoute(t, "by the default route, where there is one", card.Attrs().Index)
}

// checkRoute checks on which interface a Service would be asked, and that the node's address is the asker's.
func checkRoute(t *testing.T, name string, wantInterface int) {
	t.Helper()
	routes, err := netlink.RouteGet(net.ParseIP("10.43.0.1"))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if got := routes[0]; got.LinkIndex != wantInterface || got.Src.String() != nodeAddress {
		t.Errorf("%s: got %v", name, got)
	}
}

func setUp(name string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(link)
}
