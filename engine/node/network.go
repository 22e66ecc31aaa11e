package node

import (
	"context"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"

	"kubesolo-os/engine/config"
)

// Network is the machine's, without that of its pods.
type Network struct {
	IPv6 bool // addresses of that count, too
}

// Addresses are all IPv4 addresses at which others may reach the machine, of each card, in order; then those of IPv6.
func (n Network) Addresses() ([]netip.Addr, error) {
	interfaces, _, err := readNetwork()
	if err != nil {
		return nil, err
	}
	addresses := outsideAddresses(interfaces)
	if n.IPv6 {
		lasting, err := readLastingAddresses()
		return append(addresses, lasting...), err
	}
	return addresses, nil
}

func outsideAddresses(interfaces []networkInterface) (addresses []netip.Addr) {
	for _, each := range interfaces {
		if isPodInterface(each.name) {
			continue
		}
		for _, address := range each.addresses {
			if config.IsNodeAddress(address) {
				addresses = append(addresses, address)
			}
		}
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses)
}

// Watch calls when addresses may have changed: they come and go, or the links that they are on. The kernel tells;
// nothing is polled.
func (n Network) Watch(ctx context.Context, call func()) error {
	addresses, links := make(chan netlink.AddrUpdate), make(chan netlink.LinkUpdate)
	if err := netlink.AddrSubscribe(addresses, ctx.Done()); err != nil {
		return err
	}
	if err := netlink.LinkSubscribe(links, ctx.Done()); err != nil {
		return err
	}
	go func() {
		for change := range addresses {
			isIPv4 := change.LinkAddress.IP.To4() != nil
			if isIPv4 || n.IPv6 && change.LinkAddress.IP.IsGlobalUnicast() { // pods come and go with those of the link
				call()
			}
		}
	}()
	go func() {
		for change := range links {
			if !isPodInterface(change.Attrs().Name) {
				call()
			}
		}
	}()
	return nil
}
