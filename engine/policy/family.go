package policy

import "strings"

// family is what differs between rules for IPv4 and for IPv6. What is told by addresses is there twice on a node whose pods have both.
type family struct {
	ip      string // of a packet: "ip saddr"
	address string // a set's type
	suffix  string // of sets' names
}

var (
	ipv4 = family{"ip", "ipv4_addr", ""}
	ipv6 = family{"ip6", "ipv6_addr", "/6"}
)

// of leaves those addresses, or elements that begin with one, that are of the family.
func (f family) of(keys []string) (own []string) {
	for _, key := range keys {
		if strings.Contains(key, ":") == (f == ipv6) {
			own = append(own, key)
		}
	}
	return own
}

func (f family) addressType() string { return f.address }

// pairType is that of a set of pods' ports.
func (f family) pairType() string { return f.address + " . inet_proto . inet_service" }

func (f family) pairMatch(set string) string {
	return f.ip + " daddr . meta l4proto . th dport @" + set + f.suffix
}

func (c *compiler) families() []family {
	if c.state.Network6.IsValid() {
		return []family{ipv4, ipv6}
	}
	return []family{ipv4}
}
