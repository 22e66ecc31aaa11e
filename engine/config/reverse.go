package config

import (
	"fmt"
	"net/netip"
)

// ReverseZones are those of all addresses of the cluster's.
func (c Config) ReverseZones() (zones []string) {
	for _, each := range c.wholeNetworks() {
		zones = append(zones, reverseZones(each)...)
	}
	return zones
}

func (c Config) wholeNetworks() []netip.Prefix {
	return append(c.PodNetworks(), c.ServiceNetworks()...)
}

// reverseZones are the zones of a network's addresses, such as 42.10.in-addr.arpa or 2.4.0.0.0.0.d.f.ip6.arpa. They end at whole bytes,
// of IPv6 at whole hexadecimal digits: a network that doesn't has several. Pure.
func reverseZones(network netip.Prefix) (zones []string) {
	origin, labelBits, label := "in-addr.arpa", 8, "%d.%s"
	if network.Addr().Is6() {
		origin, labelBits, label = "ip6.arpa", 4, "%x.%s"
	}
	count := (network.Bits() + labelBits - 1) / labelBits
	labels := labelsOf(network.Masked().Addr(), labelBits)[:count]
	for range 1 << (labelBits*count - network.Bits()) {
		zone := origin
		for _, each := range labels {
			zone = fmt.Sprintf(label, each, zone)
		}
		zones = append(zones, zone)
		labels[count-1]++
	}
	return zones
}

func labelsOf(address netip.Addr, bits int) (labels []byte) {
	for _, each := range address.AsSlice() {
		if bits == 4 {
			labels = append(labels, each>>4)
			each &= 0xf
		}
		labels = append(labels, each)
	}
	return labels
}
