package node

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// readLastingAddresses are the IPv6 addresses at which others may reach the machine for longer than some hours, in order.
func readLastingAddresses() ([]netip.Addr, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return nil, fmt.Errorf("cannot read the network interfaces: %w", err)
	}
	var addresses []netip.Addr
	for _, link := range links {
		attributes := link.Attrs()
		if isPodInterface(attributes.Name) || attributes.Flags&net.FlagUp == 0 {
			continue
		}
		all, err := netlink.AddrList(link, netlink.FAMILY_V6)
		if err != nil {
			continue // it has just gone
		}
		for _, each := range all {
			if address, isAddress := netip.AddrFromSlice(each.IP); isAddress && isLasting(address, each.Flags) {
				addresses = append(addresses, address)
			}
		}
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses), nil
}

// isLasting: a temporary address (RFC 8981) is for what the machine itself asks, a deprecated one of a prefix that ends, and of one that
// is tentative or failed somebody else may be the owner. Pure.
func isLasting(address netip.Addr, flags int) bool {
	const passing = unix.IFA_F_TEMPORARY | unix.IFA_F_DEPRECATED | unix.IFA_F_TENTATIVE | unix.IFA_F_DADFAILED
	return address.IsGlobalUnicast() && flags&passing == 0
}
