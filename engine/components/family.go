package components

import (
	"net/netip"

	"kubesolo-os/engine/config"
)

// family is what differs between the kernel's rules for IPv4 and for IPv6.
type family struct {
	rules      string // "ip saddr", and tables' family
	conditions string // as the plugin portmap has them
	beyond     string // what no router takes further
	isIPv6     bool
}

var (
	ipv4 = family{"ip", "conditionsV4", "224.0.0.0/4", false}
	ipv6 = family{"ip6", "conditionsV6", "fe80::/10, ff00::/8", true}
)

// familiesOf are those that pods have addresses of.
func familiesOf(c config.Config) []family {
	if c.IsDualStack() {
		return []family{ipv4, ipv6}
	}
	return []family{ipv4}
}

func (f family) table(name string) string { return f.rules + " " + name }

func (f family) has(address netip.Addr) bool { return address.IsValid() && address.Is6() == f.isIPv6 }
