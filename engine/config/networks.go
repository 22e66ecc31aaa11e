package config

import (
	"fmt"
	"net/netip"
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

// checkNetworks: each would hide the other.
func (r *Resolved) checkNetworks() []string {
	c := &r.Config
	if !c.PodNetwork.Overlaps(c.ServiceNetwork) {
		return nil
	}
	return []string{fmt.Sprintf("the pods' network %s and that of Services, %s, overlap; set %s or %s to another one",
		c.PodNetwork, c.ServiceNetwork, podNetworkKey, serviceNetworkKey)}
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
func (c Config) ClusterNetworks() []ClusterNetwork {
	return []ClusterNetwork{
		{"pods", c.NodePodNetwork(), podNetworkKey},
		{"Services", c.ServiceNetwork, serviceNetworkKey},
	}
}
