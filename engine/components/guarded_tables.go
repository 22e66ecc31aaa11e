package components

import (
	"context"
	"fmt"
	"slices"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/dns"
	"kubesolo-os/engine/nftables"
	"kubesolo-os/engine/policy"
)

// guardedTables are all that there are, in the order of what is worst to be without.
func guardedTables(c config.Config, enforcer *policy.Controller, proxier *guardedProxier) []guardedTable {
	ours := func(name, what string, restore func(context.Context) error) guardedTable {
		return guardedTable{name: name, what: what, restore: func(ctx context.Context) (bool, error) { return true, restore(ctx) }}
	}
	families := familiesOf(c)
	var ways, services, hostPort []guardedTable
	for _, f := range families {
		ways = append(ways, ours(f.table(masqueradeTable), "the pods' way out", func(ctx context.Context) error { return applyMasquerade(ctx, c, f) }))
		services = append(services, guardedTable{name: f.table(proxyTable), what: "Services", isDisturbed: proxier.isDisturbed, restore: proxier.restore})
		hostPort = append(hostPort, guardedTable{name: f.table(hostPortTable), what: "host ports", isDisturbed: takesAway, restore: hostPorts{c, families}.restore})
	}
	first := ours(policy.Table, "network policies", func(context.Context) error {
		enforcer.Restore()
		return nil
	})
	names := ours(dns.RedirectTable, "cluster DNS", dns.RestoreRedirect)
	return slices.Concat([]guardedTable{first}, ways, []guardedTable{names}, services, hostPort)
}

const masqueradeTable = "kubesolo-masquerade"

// applyMasquerade gives what pods send to the outside the node's address. One rule for all of them: the CNI plugin would
// write one for each, with three programs to start.
func applyMasquerade(ctx context.Context, c config.Config, f family) error {
	return nftables.Apply(ctx, masqueradeRules(c, f))
}

// masqueradeRules: pods see the node at its IPv4 address on their bridge, and what it sends them from there keeps that. Over IPv6 it is
// also the node's own address, with which nothing gets further.
func masqueradeRules(c config.Config, f family) string {
	pods, fromPods := c.NodePodNetwork(), fmt.Sprintf("ip saddr %s ip saddr != %s", c.NodePodNetwork(), c.PodGateway())
	if f == ipv6 {
		pods, fromPods = c.NodePodNetwork6(), fmt.Sprintf("ip6 saddr %s", c.NodePodNetwork6())
	}
	return nftables.Remove(f.table(masqueradeTable)) + fmt.Sprintf(`table %s {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		%s %s daddr != { %s, %s } masquerade
	}
}
`, f.table(masqueradeTable), fromPods, f.rules, pods, f.beyond)
}

func takesAway(change nftables.Change) bool {
	if change.Gone {
		return true
	}
	for _, net := range change.Net {
		if net < 0 {
			return true
		}
	}
	return false
}
