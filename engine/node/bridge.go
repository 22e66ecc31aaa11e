package node

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// EnsurePodBridge makes the bridge that pods are connected to, with the address that is their gateway,
// or completes the one that is there. Otherwise the CNI plugin would make it for the first pod; cluster
// DNS listens on it before that. An mtu of 0 leaves it to the kernel: the smallest of the pods'.
//
// There are one or two gateways: IPv4's, and IPv6's.
func EnsurePodBridge(gateways []netip.Prefix, mtu int) error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = PodBridge
	attributes.MTU = mtu
	attributes.HardwareAddr = bridgeHardwareAddress(gateways[0].Addr())
	err := netlink.LinkAdd(&netlink.Bridge{LinkAttrs: attributes})
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("cannot make the network bridge %s: %w", PodBridge, err)
	}
	link, err := netlink.LinkByName(PodBridge)
	if err != nil {
		return fmt.Errorf("cannot find the network bridge %s: %w", PodBridge, err)
	}
	if link.Type() != "bridge" {
		return fmt.Errorf("the network interface %s is a %s, but pods need a bridge of that name; rename or remove it", PodBridge, link.Type())
	}
	for _, gateway := range gateways {
		if err := giveAddress(link, gateway); err != nil {
			return fmt.Errorf("cannot give the address %s to the network bridge %s: %w", gateway, PodBridge, err)
		}
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return fmt.Errorf("cannot bring the network bridge %s up: %w", PodBridge, err)
	}
	return nil
}

// giveAddress doesn't ask whether somebody else has it, which would take a second: only pods are there.
func giveAddress(link netlink.Link, address netip.Prefix) error {
	wanted := &netlink.Addr{IPNet: ipNet(address)}
	if address.Addr().Is6() {
		// Some hosts have none on new interfaces. A router that a pod plays is none.
		for _, setting := range []string{"disable_ipv6", "accept_ra"} {
			if err := os.WriteFile("/proc/sys/net/ipv6/conf/"+PodBridge+"/"+setting, []byte("0\n"), 0); err != nil {
				return err
			}
		}
		wanted.Flags = unix.IFA_F_NODAD
	}
	return netlink.AddrReplace(link, wanted)
}

func ipNet(network netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: network.Addr().AsSlice(), Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen())}
}

// bridgeHardwareAddress is locally administered (0a:58, as CNI plugins use it) and made from the IPv4
// address. Without one of its own, a bridge takes over that of its ports and changes it with each pod,
// which other pods would have to notice. Pure.
func bridgeHardwareAddress(address netip.Addr) net.HardwareAddr {
	return append(net.HardwareAddr{0x0a, 0x58}, address.AsSlice()...)
}
