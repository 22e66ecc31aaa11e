package node

import (
	"net"
	"net/netip"
	"slices"
)

// ethernetMTU is what a network carries when nothing else is known of it.
const ethernetMTU = 1500

// MTU is the largest packet, in bytes, of the interface with this address.
func MTU(address netip.Addr) int {
	interfaces, err := net.Interfaces()
	if err != nil {
		return ethernetMTU
	}
	for _, each := range interfaces {
		networks, err := each.Addrs()
		if err == nil && slices.Contains(addressesOf(networks), address) {
			return each.MTU
		}
	}
	return ethernetMTU
}
