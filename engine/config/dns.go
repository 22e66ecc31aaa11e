package config

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

const (
	stubZonesKey    = "dns.stubZones"
	mostNameServers = 15 // CoreDNS takes no more for a zone
	mostAddresses   = 64
	dnsPort         = 53

	// shortened is how names of Services end that people leave the domain away from.
	shortened = "svc"
)

// outsideName is a name of DNS, in lower case and without its last dot, of which cluster DNS itself isn't the one to know.
func outsideName(text string) (string, bool) {
	name := strings.ToLower(strings.TrimSuffix(text, "."))
	isInside := isBelow(name, []string{ClusterDomain, shortened})
	isTooLong := slices.ContainsFunc(strings.Split(name, "."), func(label string) bool { return len(label) > 63 })
	return name, IsNodeName(name) && !isTooLong && !isInside
}

// isBelow: the name is one of the zones, or in one.
func isBelow(name string, zones []string) bool {
	return slices.ContainsFunc(zones, func(zone string) bool { return name == zone || strings.HasSuffix(name, "."+zone) })
}

// nameServer is an address, with a port if it isn't the usual one.
func nameServer(text string) (netip.AddrPort, bool) {
	server, err := netip.ParseAddrPort(text)
	if address, bare := netip.ParseAddr(text); bare == nil {
		server, err = netip.AddrPortFrom(address, dnsPort), nil
	}
	address := server.Addr()
	isRight := err == nil && server.Port() > 0 && isPlain(address) && !address.IsUnspecified() && !address.IsMulticast() &&
		address != netip.AddrFrom4([4]byte{255, 255, 255, 255})
	return server, isRight
}

// hostAddress may be 0.0.0.0: so people block names.
func hostAddress(text string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(text)
	return address, err == nil && isPlain(address)
}

// isPlain: CoreDNS takes the zone of a link-local address for a name in a certificate.
func isPlain(address netip.Addr) bool { return address.Zone() == "" && !address.Is4In6() }

// checkStubZones: cluster DNS would ask itself, or leave its own zones to others.
func (r *Resolved) checkStubZones() (problems []string) {
	c := &r.Config
	if !c.ServiceNetwork.IsValid() || !c.PodNetwork.IsValid() { // a mistake that is told already
		return nil
	}
	report := func(format string, args ...any) {
		problems = append(problems, r.originOf(stubZonesKey)+": "+fmt.Sprintf(format, args...))
	}
	for _, zone := range slices.Sorted(maps.Keys(c.StubZones)) {
		for _, own := range c.wholeNetworks() {
			if isBelow(zone, reverseZones(own)) {
				report("%q is of the cluster's own network %s, which cluster DNS knows itself", zone, own)
			}
		}
		for _, server := range c.StubZones[zone] {
			if server.Addr() == c.DNSIP() || server.Addr() == c.PodGateway() {
				report("%q would be asked of cluster DNS itself (%s); name another server", zone, server.Addr())
			}
		}
	}
	return problems
}
