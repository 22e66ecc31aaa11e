package node

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
)

// EnsurePodBridge makes the bridge that pods are connected to, with the address that is their gateway,
// or completes the one that is there. Otherwise the CNI plugin would make it for the first pod; cluster
// DNS listens on it before that. An mtu of 0 leaves it to the kernel: the smallest of the pods'.
func EnsurePodBridge(gateway netip.Prefix, mtu int) error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = PodBridge
	attributes.MTU = mtu
	attributes.HardwareAddr = bridgeHardwareAddress(gateway.Addr())
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
	address := &netlink.Addr{IPNet: &net.IPNet{IP: gateway.Addr().AsSlice(), Mask: net.CIDRMask(gateway.Bits(), 32)}}
	if err := netlink.AddrReplace(link, address); err != nil {
		return fmt.Errorf("cannot give the address %s to the network bridge %s: %w", gateway, PodBridge, err)
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return fmt.Errorf("cannot bring the network bridge %s up: %w", PodBridge, err)
	}
	return nil
}

// bridgeHardwareAddress is locally administered (0a:58, as CNI plugins use it) and made from the IPv4
// address. Without one of its own, a bridge takes over that of its ports and changes it with each pod,
// which other pods would have to notice. Pure.
func bridgeHardwareAddress(address netip.Addr) net.HardwareAddr {
	return append(net.HardwareAddr{0x0a, 0x58}, address.AsSlice()...)
}
