package ports

import (
	"net/netip"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
)

func TestOwners(t *testing.T) {
	const tcp, udp = corev1.ProtocolTCP, corev1.ProtocolUDP
	tests := []struct {
		name     string
		metrics  string
		address  string
		protocol corev1.Protocol
		number   int32
		at       string
		socket   string
	}{
		{"the API at the node's address", "", "192.0.2.1", tcp, 6443, "the API server", "the API server"},
		{"the API at every address", "", "0.0.0.0", tcp, 6443, "the API server", "the API server"},
		{"the API at another of loopback's", "", "127.0.0.9", tcp, 6443, "the API server", "the API server"},
		{"the API's port of another protocol", "", "192.0.2.1", udp, 6443, "", ""},
		{"the kubelet", "", "10.42.0.1", tcp, 10250, "the kubelet", "the kubelet"},
		{"DNS at the node's address", "", "192.0.2.1", udp, 53, "", ""},
		{"DNS at every address", "", "0.0.0.0", tcp, 53, "", ""},
		{"DNS where pods see the node", "", "10.42.0.1", udp, 53, "cluster DNS", ""},
		{"DNS where pods ask", "", "10.43.0.10", tcp, 53, "cluster DNS", ""},
		{"DNS, written as IPv6", "", "::ffff:10.43.0.10", udp, 53, "cluster DNS", ""},
		{"where DNS listens", "", "192.0.2.1", udp, 20053, "", "cluster DNS"},
		{"the API's Service", "", "10.43.0.1", tcp, 443, "the API server", ""},
		{"HTTPS of the node", "", "192.0.2.1", tcp, 443, "", ""},
		{"kube-proxy's health, elsewhere", "", "192.0.2.1", tcp, 10256, "", "kube-proxy's health"},
		{"no metrics", "", "127.0.0.1", tcp, 9105, "", ""},
		{"metrics", "127.0.0.1:9105", "127.0.0.1", tcp, 9105, "the engine's metrics", "the engine's metrics"},
		{"metrics for all", "[::]:30105", "192.0.2.1", tcp, 30105, "the engine's metrics", "the engine's metrics"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := configtest.With(config.Config{Metrics: test.metrics != ""})
			if c.Metrics {
				c.MetricsAddress = netip.MustParseAddrPort(test.metrics)
			}
			all := Of(c)
			if at := OwnerAt(all, netip.MustParseAddr(test.address), test.protocol, test.number); at != test.at {
				t.Errorf("at the address: %q", at)
			}
			if socket := SocketOwner(all, test.protocol, test.number); socket != test.socket {
				t.Errorf("of the socket: %q", socket)
			}
		})
	}
}
