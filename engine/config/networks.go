package config

import (
	"fmt"
	"net/netip"
	"strings"
)

// The cluster's own networks, unless they are set. docs/engine-configuration.md says what they must not overlap.
const (
	DefaultPodNetwork     = "10.42.0.0/16"
	DefaultServiceNetwork = "10.43.0.0/16"
)

// NodePodNetwork is the part of the pods' network that this node uses: 110 pods fit.
func (c Config) NodePodNetwork() netip.Prefix {
	return netip.PrefixFrom(c.PodNetwork.Addr(), max(c.PodNetwork.Bits(), 24))
}

// NodePodNetwork6 is that of its IPv6 network; the zero value where pods have none.
func (c Config) NodePodNetwork6() netip.Prefix {
	if !c.IsDualStack() {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(c.PodNetwork6.Addr(), max(c.PodNetwork6.Bits(), 64))
}

// IsDualStack: pods and Services have IPv6 addresses beside those of IPv4.
func (c Config) IsDualStack() bool { return c.PodNetwork6.IsValid() }

// PodNetworks are one, or two: the order is that of a pod's addresses.
func (c Config) PodNetworks() []netip.Prefix { return both(c.PodNetwork, c.PodNetwork6) }

// NodePodNetworks are the parts of them that this node uses.
func (c Config) NodePodNetworks() []netip.Prefix {
	return both(c.NodePodNetwork(), c.NodePodNetwork6())
}

// ServiceNetworks are as many.
func (c Config) ServiceNetworks() []netip.Prefix { return both(c.ServiceNetwork, c.ServiceNetwork6) }

// NodeIPs are the node's addresses as Kubernetes knows them. That of IPv6 is the node's side of the pods' bridge: sites' prefixes
// come and go, often each night, and each time the engine would have to start again.
func (c Config) NodeIPs() []netip.Addr {
	if !c.IsDualStack() {
		return []netip.Addr{c.NodeIP}
	}
	return []netip.Addr{c.NodeIP, c.PodGateway6()}
}

func both(first, second netip.Prefix) []netip.Prefix {
	if !second.IsValid() {
		return []netip.Prefix{first}
	}
	return []netip.Prefix{first, second}
}

// JoinNetworks writes them as Kubernetes' flags have them.
func JoinNetworks(networks []netip.Prefix) string {
	var texts []string
	for _, each := range networks {
		texts = append(texts, each.String())
	}
	return strings.Join(texts, ",")
}

// PodGateway6 is the node, as pods see it over IPv6; the zero value where they have none.
func (c Config) PodGateway6() netip.Addr { return c.PodNetwork6.Addr().Next() }

// PodGateway is the node, as pods see it; cluster DNS listens there, port 53.
func (c Config) PodGateway() netip.Addr { return c.PodNetwork.Addr().Next() }

// KubernetesIP is the API server's address as a Service: always the first.
func (c Config) KubernetesIP() netip.Addr { return c.ServiceNetwork.Addr().Next() }

// DNSIP is the Service of cluster DNS; what pods ask.
func (c Config) DNSIP() netip.Addr {
	address := c.ServiceNetwork.Addr().As4()
	address[3] += 10 // the smallest network has 16 addresses
	return netip.AddrFrom4(address)
}

// isPodNetwork: 110 pods and the gateway fit in.
func isPodNetwork(network netip.Prefix) bool { return isNetwork(network, 8, 25) }

// isServiceNetwork: the API server takes no more than 2^20 addresses.
func isServiceNetwork(network netip.Prefix) bool { return isNetwork(network, 12, 28) }

func isNetwork(network netip.Prefix, widest, narrowest int) bool {
	return network.Addr().Is4() && network == network.Masked() && network.Addr().IsGlobalUnicast() &&
		network.Bits() >= widest && network.Bits() <= narrowest
}

// isPodNetwork6: the node's part is a /64, or all of it where it is smaller.
func isPodNetwork6(network netip.Prefix) bool { return isNetwork6(network, 48, 112) }

// isServiceNetwork6: no more than 2^20 addresses, either.
func isServiceNetwork6(network netip.Prefix) bool { return isNetwork6(network, 108, 120) }

func isNetwork6(network netip.Prefix, widest, narrowest int) bool {
	return network.Addr().Is6() && !network.Addr().Is4In6() && network == network.Masked() && network.Addr().IsGlobalUnicast() &&
		network.Bits() >= widest && network.Bits() <= narrowest
}

// networks takes an IPv4 network, or one and, behind a comma, one of IPv6. Which comes first decides what Services are by default.
func networks(at, at6 func(*Config) *netip.Prefix, fits, fits6 func(netip.Prefix) bool) field {
	return field{
		set: func(c *Config, text string) string {
			first, second, isPair := strings.Cut(text, ",")
			value, err := netip.ParsePrefix(strings.TrimSpace(first))
			if err != nil || !fits(value) {
				return text
			}
			var value6 netip.Prefix
			if isPair {
				if value6, err = netip.ParsePrefix(strings.TrimSpace(second)); err != nil || !fits6(value6) {
					return text
				}
			}
			*at(c), *at6(c) = value, value6
			return ""
		},
		get: func(c *Config) any { return JoinNetworks(both(*at(c), *at6(c))) },
	}
}

// checkNetworks: each would hide the other.
func (r *Resolved) checkNetworks() (problems []string) {
	c := &r.Config
	if c.PodNetwork6.IsValid() != c.ServiceNetwork6.IsValid() {
		with, without := podNetworkKey, serviceNetworkKey
		if c.ServiceNetwork6.IsValid() {
			with, without = without, with
		}
		return []string{fmt.Sprintf("%s has an IPv6 network, and %s has none; give both one, or neither", with, without)}
	}
	pods, services := c.PodNetworks(), c.ServiceNetworks()
	for i := range pods {
		if pods[i].Overlaps(services[i]) {
			problems = append(problems, fmt.Sprintf("the pods' network %s and that of Services, %s, overlap; set %s or %s to another one",
				pods[i], services[i], podNetworkKey, serviceNetworkKey))
		}
	}
	return problems
}

const (
	podNetworkKey     = "kubernetes.podCIDR"
	serviceNetworkKey = "kubernetes.serviceCIDR"
)

// ClusterNetwork is one of the cluster's own networks.
type ClusterNetwork struct {
	Of      string // "pods"
	Prefix  netip.Prefix
	Setting string // by which it gets another one
}

// ClusterNetworks are those that the node itself uses: nothing else with such an address can be reached.
func (c Config) ClusterNetworks() (all []ClusterNetwork) {
	for _, each := range c.NodePodNetworks() {
		all = append(all, ClusterNetwork{"pods", each, podNetworkKey})
	}
	for _, each := range c.ServiceNetworks() {
		all = append(all, ClusterNetwork{"Services", each, serviceNetworkKey})
	}
	return all
}
