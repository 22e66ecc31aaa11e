package dns

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"slices"
	"strings"

	miekg "github.com/miekg/dns"

	"kubesolo-os/engine/given"
)

// mostUpstreams is what the C library takes from the file (MAXNS in resolv.conf(5)).
const mostUpstreams = 3

// readUpstreams are the name servers of the host. That there are none, or no file, is nothing unusual:
// the node may have no network, or not yet.
func readUpstreams(o Options) ([]string, error) {
	text, err := given.Read(o.ResolvConf)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the upstream name servers: %w", err)
	}
	return parseUpstreams(string(text), o), nil
}

// parseUpstreams leaves out what leads back to this server, which would ask itself for ever. An address
// on the loopback interface is fine: this is the host's network, unlike a pod's. Pure.
func parseUpstreams(resolvConf string, o Options) []string {
	parsed, err := miekg.ClientConfigFromReader(strings.NewReader(resolvConf))
	if err != nil { // only the reader's, and this one has none
		return nil
	}
	var upstreams []string
	for _, server := range parsed.Servers {
		address, err := netip.ParseAddr(server)
		if err != nil || !isUpstream(address, o) || slices.Contains(upstreams, address.String()) {
			continue
		}
		upstreams = append(upstreams, address.String())
	}
	return upstreams[:min(len(upstreams), mostUpstreams)]
}

// isUpstream: CoreDNS takes the zone of an IPv6 link-local address for a name in a certificate.
func isUpstream(address netip.Addr, o Options) bool {
	switch {
	case address.IsUnspecified(), address == o.Listen.Addr(), address == o.Service:
		return false
	case address.Is6():
		return !o.DisableIPv6 && address.Zone() == ""
	}
	return true
}
