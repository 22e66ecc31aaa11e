package dns

import (
	"fmt"
	"net/netip"
)

// ReverseZones are the zones of a network's addresses, such as 42.10.in-addr.arpa. They end at whole bytes: one that
// doesn't has several. Pure.
func ReverseZones(network netip.Prefix) (zones []string) {
	bytes := (network.Bits() + 7) / 8
	address := network.Masked().Addr().As4()
	for range 1 << (8*bytes - network.Bits()) {
		zone := "in-addr.arpa"
		for _, each := range address[:bytes] {
			zone = fmt.Sprintf("%d.%s", each, zone)
		}
		zones = append(zones, zone)
		address[bytes-1]++
	}
	return zones
}
