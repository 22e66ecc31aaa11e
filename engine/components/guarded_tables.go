package components

import (
	"context"
	"fmt"

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
	return []guardedTable{
		ours(policy.Table, "network policies", func(context.Context) error {
			enforcer.Restore()
			return nil
		}),
		ours(masqueradeTable, "the pods' way out", func(ctx context.Context) error { return applyMasquerade(ctx, c) }),
		ours(dns.RedirectTable, "cluster DNS", dns.RestoreRedirect),
		{name: proxyTable, what: "Services", isDisturbed: proxier.isDisturbed, restore: proxier.restore},
		{name: hostPortTable, what: "host ports", isDisturbed: takesAway, restore: hostPorts{c}.restore},
	}
}

const masqueradeTable = "ip kubesolo-masquerade"

// applyMasquerade gives what pods send to the outside the node's address. One rule for all of them: the CNI plugin would
// write one for each, with three programs to start.
func applyMasquerade(ctx context.Context, c config.Config) error {
	return nftables.Apply(ctx, masqueradeRules(c))
}

func masqueradeRules(c config.Config) string {
	return nftables.Remove(masqueradeTable) + fmt.Sprintf(`table %[1]s {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		ip saddr %[2]s ip saddr != %[3]s ip daddr != { %[2]s, 224.0.0.0/4 } masquerade
	}
}
`, masqueradeTable, c.NodePodNetwork(), c.PodGateway())
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
