package dns

import (
	"context"
	"net"
	"net/netip"
	"slices"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	miekg "github.com/miekg/dns"
)

// local answers only pods and the node. A neighbour on the network that takes the node for its router
// reaches the pods' side of it too, and an open resolver is a tool for attacks on others.
type local struct {
	podNetwork netip.Prefix
	next       plugin.Handler
}

func setUpLocal(c *caddy.Controller) error {
	var l local
	for c.Next() {
		if !c.NextArg() {
			return plugin.Error(l.Name(), c.ArgErr())
		}
		var err error
		if l.podNetwork, err = netip.ParsePrefix(c.Val()); err != nil {
			return plugin.Error(l.Name(), err)
		}
	}
	dnsserver.GetConfig(c).AddPlugin(func(next plugin.Handler) plugin.Handler {
		l.next = next
		return l
	})
	return nil
}

func (l local) Name() string { return "local" }

// ServeDNS implements plugin.Handler. A refusal is no longer than the question: nothing to amplify.
func (l local) ServeDNS(ctx context.Context, w miekg.ResponseWriter, r *miekg.Msg) (int, error) {
	if !l.isServed(addressOf(w.RemoteAddr())) {
		return miekg.RcodeRefused, nil
	}
	return plugin.NextOrFailure(l.Name(), l.next, ctx, w, r)
}

// isServed asks for the node's addresses each time, since they may change. Of what comes here, only
// questions of the node itself get that far.
func (l local) isServed(client netip.Addr) bool {
	if l.podNetwork.Contains(client) || client.IsLoopback() {
		return true
	}
	addresses, err := net.InterfaceAddrs()
	return err == nil && slices.ContainsFunc(addresses, func(each net.Addr) bool {
		prefix, err := netip.ParsePrefix(each.String())
		return err == nil && prefix.Addr() == client
	})
}

func addressOf(client net.Addr) netip.Addr {
	switch client := client.(type) {
	case *net.UDPAddr:
		return client.AddrPort().Addr().Unmap()
	case *net.TCPAddr:
		return client.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
