package node

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
)

// settle is how long addresses have to be left alone: a DHCP client may take the old one away before it
// sets the new one.
const settle = 5 * time.Second

// WaitForNewAddress returns when the node has lost its address and got another one. While there is none
// at all (an unplugged cable), the old one stays. The kernel tells of changes; nothing is polled.
func WaitForNewAddress(ctx context.Context, current netip.Addr) (netip.Addr, error) {
	changes := make(chan netlink.AddrUpdate)
	if err := netlink.AddrSubscribe(changes, ctx.Done()); err != nil {
		return netip.Addr{}, fmt.Errorf("cannot watch the network interfaces: %w", err)
	}
	settled := time.After(settle) // something may have changed since the address was found
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
			next, err := nextAddress(current)
			if err != nil || next != current {
				return next, err
			}
		}
	}
}

func watchEnded(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.New("the watch of the network interfaces ended by itself")
}

func nextAddress(current netip.Addr) (netip.Addr, error) {
	interfaces, err := readInterfaces()
	if err != nil {
		return netip.Addr{}, err
	}
	routes, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return netip.Addr{}, err
	}
	return keepAddress(interfaces, defaultRouteInterface(string(routes)), current), nil
}

// keepAddress keeps the address as long as the machine has it. Pure.
func keepAddress(interfaces []networkInterface, withDefaultRoute string, current netip.Addr) netip.Addr {
	for _, each := range interfaces {
		if slices.Contains(each.addresses, current) {
			return current
		}
	}
	if next := chooseAddress(interfaces, withDefaultRoute); next.IsValid() {
		return next
	}
	return current
}
