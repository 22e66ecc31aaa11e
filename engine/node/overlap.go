package node

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/vishvananda/netlink"

	"kubesolo-os/engine/config"
)

// linkNetwork is a network that the host is in.
type linkNetwork struct {
	link   string
	prefix netip.Prefix
}

// Overlaps tells which networks of this host are also the cluster's: nothing in them can be reached.
func Overlaps(c config.Config) ([]string, error) {
	networks, err := readLinkNetworks()
	return findOverlaps(networks, c.ClusterNetworks()), err
}

// findOverlaps is pure.
func findOverlaps(networks []linkNetwork, own []config.ClusterNetwork) (messages []string) {
	for _, each := range networks {
		for _, other := range own {
			if each.prefix.Overlaps(other.Prefix) {
				messages = append(messages, fmt.Sprintf("the network %s of %s overlaps that of the cluster's %s, %s: set %s to one that is free here",
					each.prefix.Masked(), each.link, other.Of, other.Prefix, other.Setting))
			}
		}
	}
	return messages
}

func readLinkNetworks() (networks []linkNetwork, err error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("cannot read the network interfaces: %w", err)
	}
	for _, each := range all {
		if isPodInterface(each.Name) || each.Flags&net.FlagLoopback != 0 || each.Flags&net.FlagUp == 0 {
			continue
		}
		addresses, err := each.Addrs()
		if err != nil {
			continue // it has just gone
		}
		for _, address := range addresses {
			if prefix, err := netip.ParsePrefix(address.String()); err == nil && prefix.Addr().IsGlobalUnicast() {
				networks = append(networks, linkNetwork{each.Name, prefix})
			}
		}
	}
	return networks, nil
}

// WatchOverlaps tells which there are, and again whenever an address comes or goes, until ctx ends.
func WatchOverlaps(ctx context.Context, c config.Config, tell func([]string)) error {
	changes, err := subscribe(ctx)
	if err != nil {
		return err
	}
	settled := time.After(0)
	for {
		select {
		case <-ctx.Done():
			return nil
		case change, open := <-changes:
			if !open && ctx.Err() != nil {
				return nil
			}
			if !open { // the kernel has dropped some: too many at once
				if changes, err = subscribe(ctx); err != nil {
					return err
				}
				settled = time.After(settle)
				continue
			}
			// Routers announce IPv6 again and again.
			if isIPv4 := change.LinkAddress.IP.To4() != nil; isIPv4 || c.IsDualStack() && change.LinkAddress.IP.IsGlobalUnicast() {
				settled = time.After(settle)
			}
		case <-settled:
			found, err := Overlaps(c)
			if err != nil {
				return err
			}
			tell(found)
		}
	}
}

func subscribe(ctx context.Context) (chan netlink.AddrUpdate, error) {
	changes := make(chan netlink.AddrUpdate)
	if err := netlink.AddrSubscribe(changes, ctx.Done()); err != nil {
		return nil, fmt.Errorf("cannot watch the network interfaces: %w", err)
	}
	return changes, nil
}
