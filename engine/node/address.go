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
	"strings"
	"time"

	"kubesolo-os/engine/config"
)

const addressPoll = time.Second

// WaitForAddress finds the node's IPv4 address, and waits for one when there is none yet. onWait is
// called once, before the waiting.
func WaitForAddress(ctx context.Context, onWait func()) (netip.Addr, error) {
	for waiting := false; ; waiting = true {
		address, err := findAddress()
		if err != nil || address.IsValid() {
			return address, err
		}
		if !waiting {
			onWait()
		}
		select {
		case <-time.After(addressPoll):
		case <-ctx.Done():
			return netip.Addr{}, errors.New("no network interface has got an IPv4 address; connect one, or pass --node-ip")
		}
	}
}

func findAddress() (netip.Addr, error) {
	routes, err := os.ReadFile("/proc/net/route")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return netip.Addr{}, fmt.Errorf("cannot read the routes: %w", err)
	}
	interfaces, err := readInterfaces()
	if err != nil {
		return netip.Addr{}, fmt.Errorf("cannot read the network interfaces: %w", err)
	}
	return chooseAddress(interfaces, defaultRouteInterface(string(routes))), nil
}

// networkInterface is what chooseAddress needs to know of one.
type networkInterface struct {
	name      string
	addresses []netip.Addr
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
		result = append(result, networkInterface{each.Name, addressesOf(networks)})
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
