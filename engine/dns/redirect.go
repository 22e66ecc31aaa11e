package dns

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"syscall"

	"kubesolo-os/engine/nftables"
)

// RedirectTable is ours alone.
const RedirectTable = "ip kubesolo-dns"

// redirected is the script that holds, of the one server of the process.
var redirected atomic.Pointer[string]

// Redirect leads what is sent to asked, an address of the node, to where the server listens. The port in a packet is put in
// place as the last before the socket, and put back as the first after it: policies, translations of Services' addresses and
// connection tracking see the port that was asked. A real translation (dnat) can't do this, since a packet that came by a
// Service has had its own. When the engine ends the rules stay, and lead nowhere.
func Redirect(ctx context.Context, asked, listen netip.AddrPort) error {
	script := redirectRules(asked, listen)
	if err := nftables.Apply(ctx, script); err != nil {
		return fmt.Errorf("cannot lead questions from %s to cluster DNS: %w", asked, err)
	}
	redirected.Store(&script)
	return nil
}

// RestoreRedirect puts the rules of Redirect back, if there were any.
func RestoreRedirect(ctx context.Context) error {
	script := redirected.Load()
	if script == nil {
		return nil
	}
	return nftables.Apply(ctx, *script)
}

// redirectRules replace those of an earlier run, in one transaction. Pure.
func redirectRules(asked, listen netip.AddrPort) string {
	return nftables.Remove(RedirectTable) + fmt.Sprintf(`table %[1]s {
	chain questions {
		type filter hook input priority 300; policy accept;
		ip daddr %[2]s udp dport %[3]d udp dport set %[4]d
		ip daddr %[2]s tcp dport %[3]d tcp dport set %[4]d
	}
	chain answers {
		type filter hook output priority -310; policy accept;
		ip saddr %[2]s udp sport %[4]d udp sport set %[3]d
		ip saddr %[2]s tcp sport %[4]d tcp sport set %[3]d
	}
}
`, RedirectTable, asked.Addr(), asked.Port(), listen.Port())
}

// portsTried is more than a node has programs that want such a port.
const portsTried = 100

// FindFree is the first of the ports from this one on that nobody listens on.
func FindFree(first netip.AddrPort) (netip.AddrPort, error) {
	var err error
	for i := range uint16(portsTried) {
		listen := netip.AddrPortFrom(first.Addr(), first.Port()+i)
		if err = checkFree(listen); !errors.Is(err, syscall.EADDRINUSE) {
			return listen, err
		}
	}
	return first, err
}
