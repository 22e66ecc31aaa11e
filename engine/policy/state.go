// Package policy enforces NetworkPolicies (networking.k8s.io/v1) with nftables. Compile is the decision:
// policies, pods and namespaces in, rules out; pure. Controller keeps the kernel's rules up to date.
// docs/network-policy.md says what holds and what doesn't.
package policy

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// State is all that the rules depend on. Pods may come in any order.
type State struct {
	Policies   []*networkingv1.NetworkPolicy
	Pods       []Pod // with an address of their own; no two have the same one
	Namespaces map[string]labels.Set
	// NodeServices run in the node, at an address of the node, but policies name them like pods.
	NodeServices []Pod
	Bridge       string       // the interface that pods are connected to
	Network6     netip.Prefix // of the pods' IPv6 addresses; the zero value: they have none
}

// Pod is what policies see of one, by one of its addresses.
type Pod struct {
	Namespace, Name string
	Labels          labels.Set
	Address         string // as text, because it is only compared and written
	Ports           []Port
}

// Port is a port of a container, or of a node service.
type Port struct {
	Name     string
	Protocol corev1.Protocol
	Number   int32
}
