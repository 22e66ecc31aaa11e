package node

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
)

// settle is how long addresses have to be left alone: a DHCP client may take the old one away before it
// sets the new one.
const settle = 5 * time.Second

// lostPatience is how long a node may be without its address: a DHCP server that says no is asked again.
const lostPatience = 15 * time.Second

// WaitForNewAddress returns when the node has lost its address, with the one it has now; with fallback, if it has none.
// The kernel tells of changes; nothing is polled.
func WaitForNewAddress(ctx context.Context, current, fallback netip.Addr) (netip.Addr, error) {
	changes := make(chan netlink.AddrUpdate)
	if err := netlink.AddrSubscribe(changes, ctx.Done()); err != nil {
		return netip.Addr{}, fmt.Errorf("cannot watch the network interfaces: %w", err)
	}
	settled := time.After(settle) // something may have changed since the address was found
	var lost <-chan time.Time
	for {
		select {
		case change, open := <-changes:
			if !open {
				return netip.Addr{}, watchEnded(ctx)
			}
			if change.LinkAddress.IP.To4() != nil { // pods come and go with IPv6 ones
				settled = time.After(settle)
			}
		case <-settled:
			interfaces, withDefaultRoute, err := readNetwork()
			if err != nil {
				return netip.Addr{}, err
			}
			next := keepAddress(interfaces, withDefaultRoute, current)
			switch {
			case next == current:
				lost = nil
			case next.IsValid():
				return next, nil
			case lost == nil && current != fallback:
				lost = time.After(lostPatience)
			}
		case <-lost:
			return fallback, nil
		}
	}
}

func watchEnded(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.New("the watch of the network interfaces ended by itself")
}

// keepAddress keeps the address as long as the machine has it; the zero value if it has none. That of the pods' bridge
// is for want of another. Pure.
func keepAddress(interfaces []networkInterface, withDefaultRoute string, current netip.Addr) netip.Addr {
	for _, each := range interfaces {
		if !isPodInterface(each.name) && slices.Contains(each.addresses, current) {
			return current
		}
	}
	return chooseAddress(interfaces, withDefaultRoute)
}
