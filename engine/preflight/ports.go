package preflight

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/ports"
)

// Listener is a socket that waits for connections.
type Listener struct {
	Address netip.AddrPort
	Inode   uint64
	Process string // "nginx (pid 12)", "" when unknown
	Cgroup  string // of that process; "" when unknown
}

func checkPorts(listeners []Listener, c config.Config) (problems []Problem) {
	for _, needed := range ports.Of(c) {
		for _, other := range listeners {
			if !takes(other, needed) {
				continue
			}
			process := other.Process
			if process == "" {
				process = "a process that can't be seen from here"
			}
			hint := "stop it, or let it listen elsewhere"
			if c.Metrics && needed.Number == int32(c.MetricsAddress.Port()) {
				hint += ", or pass --metrics-bind-address or --no-metrics-server"
			}
			problems = append(problems, fatal(hint, "port %d, for %s, is taken by %s", needed.Number, needed.Owner, process))
			break
		}
	}
	return problems
}

// takes: cluster DNS isn't asked for, as it takes another port then.
func takes(l Listener, needed ports.Port) bool {
	return needed.IsSocket && needed.Protocol == corev1.ProtocolTCP && needed.Number != ports.DNSSocket &&
		collide(netip.AddrPortFrom(needed.Address, uint16(needed.Number)), l.Address)
}

// collide says whether two sockets can't listen at once: same port, and the same address or one of them on
// all. An IPv6 socket on all addresses takes IPv4's, too.
func collide(a, b netip.AddrPort) bool {
	if a.Port() != b.Port() {
		return false
	}
	return a.Addr() == b.Addr() || a.Addr().IsUnspecified() || b.Addr().IsUnspecified()
}
