package preflight

import (
	"net/netip"

	"kubesolo-os/engine/config"
)

// Listener is a socket that waits for connections.
type Listener struct {
	Address netip.AddrPort
	Inode   uint64
	Process string // "nginx (pid 12)", "" when unknown
}

// port is one that the engine is going to listen on.
type port struct {
	address netip.AddrPort
	user    string
	hint    string
}

func ports(c config.Config) []port {
	all, loopback := netip.IPv4Unspecified(), netip.AddrFrom4([4]byte{127, 0, 0, 1})
	const stop = "stop it, or let it listen elsewhere"
	result := []port{
		{netip.AddrPortFrom(all, config.APIServerPort), "the Kubernetes API", stop},
		{netip.AddrPortFrom(all, config.KubeletPort), "the kubelet", stop},
		{netip.AddrPortFrom(loopback, 10249), "kube-proxy's metrics", stop},
		{netip.AddrPortFrom(loopback, 10256), "kube-proxy's health", stop},
	}
	if c.Metrics {
		result = append(result, port{c.MetricsAddress, "metrics", stop + ", or pass --metrics-bind-address or --no-metrics-server"})
	}
	return result
}

func checkPorts(listeners []Listener, c config.Config) (problems []Problem) {
	for _, needed := range ports(c) {
		for _, other := range listeners {
			if !collide(needed.address, other.Address) {
				continue
			}
			process := other.Process
			if process == "" {
				process = "a process that can't be seen from here"
			}
			problems = append(problems, fatal(needed.hint, "port %d, for %s, is taken by %s", needed.address.Port(), needed.user, process))
			break
		}
	}
	return problems
}

// collide says whether two sockets can't listen at once: same port, and the same address or one of them on
// all. An IPv6 socket on all addresses takes IPv4's, too.
func collide(a, b netip.AddrPort) bool {
	if a.Port() != b.Port() {
		return false
	}
	return a.Addr() == b.Addr() || a.Addr().IsUnspecified() || b.Addr().IsUnspecified()
}
