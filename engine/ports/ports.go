// Package ports says on which ports of the node the engine serves: no workload gets these. Pure.
package ports

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"kubesolo-os/engine/config"
)

// Port is one that the engine serves on.
type Port struct {
	Address  netip.Addr // 0.0.0.0: each of the node's
	Protocol corev1.Protocol
	Number   int32
	Owner    string // for people
	IsSocket bool   // a program that wants it too can't have it; otherwise only rules of the kernel lead from there
}

// DNSSocket is where cluster DNS listens, or at one of the next ports when a program has it. Nobody asks it there: the
// kernel leads there what is sent to port 53 of the same address. So port 53 of the node is free for DNS servers that
// people run, even for those that want it of all addresses.
const DNSSocket = 20053

// Of lists them all.
func Of(c config.Config) []Port {
	everywhere, loopback := netip.IPv4Unspecified(), netip.AddrFrom4([4]byte{127, 0, 0, 1})
	const tcp, udp = corev1.ProtocolTCP, corev1.ProtocolUDP
	all := []Port{
		{everywhere, tcp, config.APIServerPort, "the API server", true},
		{everywhere, tcp, config.KubeletPort, "the kubelet", true},
		{loopback, tcp, config.ProxyMetricsPort, "kube-proxy's metrics", true},
		{loopback, tcp, config.ProxyHealthPort, "kube-proxy's health", true},
		{c.KubernetesIP(), tcp, 443, "the API server", false},
	}
	if c.Metrics {
		address := c.MetricsAddress.Addr().Unmap()
		if address.IsUnspecified() {
			address = everywhere
		}
		all = append(all, Port{address, tcp, int32(c.MetricsAddress.Port()), "the engine's metrics", true})
	}
	endpoint := c.PodGateway()
	for _, protocol := range []corev1.Protocol{udp, tcp} {
		for _, address := range []netip.Addr{endpoint, c.DNSIP()} {
			all = append(all, Port{address, protocol, config.DNSPort, "cluster DNS", false})
		}
		all = append(all, Port{endpoint, protocol, DNSSocket, "cluster DNS", true})
	}
	return all
}

// OwnerAt is who serves at this address, or "". 0.0.0.0 asks for what is taken at each address of the node.
func OwnerAt(all []Port, address netip.Addr, protocol corev1.Protocol, number int32) string {
	return owner(all, func(p Port) bool {
		return p.Protocol == protocol && p.Number == number && (p.Address.IsUnspecified() || p.Address == address.Unmap())
	})
}

// SocketOwner is on whose account a program of the node can't listen on the port at all addresses, or "".
func SocketOwner(all []Port, protocol corev1.Protocol, number int32) string {
	return owner(all, func(p Port) bool { return p.IsSocket && p.Protocol == protocol && p.Number == number })
}

func owner(all []Port, is func(Port) bool) string {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i].Owner
	}
	return ""
}
