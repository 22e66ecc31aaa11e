// Package node looks at the machine: its address, its boot, its memory.
package node

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"kubesolo-os/engine/config"
)

const addressPoll = time.Second

// addressPatience: a switch that looks for loops first lets nothing through a cable for 30 s (IEEE 802.1D, two forward
// delays). Whoever gets an address later than that starts the engine once more.
const addressPatience = 30 * time.Second

// WaitForAddress finds the node's IPv4 address. When there is none yet but a cable is plugged in, it waits a while; the
// zero value means that there still is none. onWait is called once, before the waiting.
func WaitForAddress(ctx context.Context, onWait func(time.Duration)) (netip.Addr, error) {
	patience := time.After(addressPatience)
	for waiting := false; ; waiting = true {
		interfaces, withDefaultRoute, err := readNetwork()
		if err != nil {
			return netip.Addr{}, err
		}
		if address := chooseAddress(interfaces, withDefaultRoute); address.IsValid() || !isPluggedIn(interfaces) {
			return address, nil
		}
		if !waiting {
			onWait(addressPatience)
		}
		select {
		case <-time.After(addressPoll):
		case <-patience:
			return netip.Addr{}, nil
		case <-ctx.Done():
			return netip.Addr{}, ctx.Err()
		}
	}
}

func readNetwork() (interfaces []networkInterface, withDefaultRoute string, err error) {
	routes, err := os.ReadFile("/proc/net/route")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, "", fmt.Errorf("cannot read the routes: %w", err)
	}
	interfaces, err = readInterfaces()
	if err != nil {
		return nil, "", fmt.Errorf("cannot read the network interfaces: %w", err)
	}
	return interfaces, defaultRouteInterface(string(routes)), nil
}

// networkInterface is what is decided by.
type networkInterface struct {
	name      string
	addresses []netip.Addr
	// Somebody is at the other end of its cable.
	isRunning bool
}

// isPluggedIn says whether somebody may still give the node an address. Pure.
func isPluggedIn(interfaces []networkInterface) bool {
	return slices.ContainsFunc(interfaces, func(each networkInterface) bool {
		return each.isRunning && !isPodInterface(each.name)
	})
}

// chooseAddress prefers the interface with the default route. Pure.
func chooseAddress(interfaces []networkInterface, withDefaultRoute string) netip.Addr {
	var first netip.Addr
	for _, each := range interfaces {
		for _, address := range each.addresses {
			if !config.IsNodeAddress(address) {
				continue
			}
			if each.name == withDefaultRoute {
				return address
			}
			if !first.IsValid() && !isPodInterface(each.name) {
				first = address
			}
		}
	}
	return first
}

// isPodInterface: the bridge of an earlier run is still there after a restart.
func isPodInterface(name string) bool {
	return name == PodBridge || strings.HasPrefix(name, "veth")
}

// PodBridge is the interface that pods are connected to.
const PodBridge = "cni0"

// defaultRouteInterface reads the format of /proc/net/route (proc(5)): Iface Destination Gateway
// Flags RefCnt Use Metric Mask …; the lowest metric wins. Pure.
func defaultRouteInterface(routes string) string {
	best, bestMetric := "", -1
	for scanner := bufio.NewScanner(strings.NewReader(routes)); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		if len(fields) < 8 || fields[1] != "00000000" || fields[7] != "00000000" {
			continue
		}
		var metric int
		if _, err := fmt.Sscan(fields[6], &metric); err != nil {
			continue
		}
		if bestMetric < 0 || metric < bestMetric {
			best, bestMetric = fields[0], metric
		}
	}
	return best
}

func readInterfaces() ([]networkInterface, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var result []networkInterface
	for _, each := range all {
		if each.Flags&net.FlagUp == 0 {
			continue
		}
		networks, err := each.Addrs()
		if err != nil {
			return nil, err
		}
		result = append(result, networkInterface{
			name:      each.Name,
			addresses: addressesOf(networks),
			isRunning: each.Flags&net.FlagRunning != 0 && each.Flags&net.FlagLoopback == 0,
		})
	}
	return result, nil
}

func addressesOf(networks []net.Addr) (addresses []netip.Addr) {
	for _, network := range networks {
		if prefix, err := netip.ParsePrefix(network.String()); err == nil {
			addresses = append(addresses, prefix.Addr().Unmap())
		}
	}
	return addresses
}
