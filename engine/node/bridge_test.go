package node

import (
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

var testGateway = netip.MustParsePrefix("10.42.0.1/24")

func TestEnsurePodBridge(t *testing.T) {
	enterNetwork(t)
	for range 2 { // the second time, it is there
		if err := EnsurePodBridge([]netip.Prefix{testGateway}, 1400); err != nil {
			t.Fatal(err)
		}
	}
	bridge, err := netlink.LinkByName(PodBridge)
	if err != nil {
		t.Fatal(err)
	}
	addresses, err := netlink.AddrList(bridge, netlink.FAMILY_V4)
	if err != nil {
		t.Fatal(err)
	}
	if len(addresses) != 1 || addresses[0].IPNet.String() != testGateway.String() {
		t.Errorf("addresses: %v", addresses)
	}
	if attributes := bridge.Attrs(); attributes.MTU != 1400 || attributes.HardwareAddr.String() != "0a:58:0a:2a:00:01" {
		t.Errorf("MTU %d, hardware address %s", attributes.MTU, attributes.HardwareAddr)
	}
}

func TestEnsurePodBridgeRefusesAnotherInterface(t *testing.T) {
	enterNetwork(t)
	attributes := netlink.NewLinkAttrs()
	attributes.Name = PodBridge
	if err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: attributes, PeerName: "peer"}); err != nil {
		t.Fatal(err)
	}
	if err := EnsurePodBridge([]netip.Prefix{testGateway}, 0); err == nil || !strings.Contains(err.Error(), "is a veth, but pods need a bridge") {
		t.Errorf("got %v", err)
	}
}

// enterNetwork gives the test a network namespace of its own. Its thread ends with it.
func enterNetwork(t *testing.T) {
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skip("needs root to make a network namespace: ", err)
	}
}
