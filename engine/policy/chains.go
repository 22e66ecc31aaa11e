package policy

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// baseChains are where packets come in. A connection that was allowed once may go on, in both
// directions; only its first packet is looked at further. Egress and ingress are chains of their own,
// because an accept ends only the one, and both must agree.
//
// All of it sees the pods' real addresses: service addresses are replaced before (prerouting, dstnat),
// the node's own address is put in their place after (postrouting, srcnat). What the node itself sends
// comes from neither hook: it is always allowed.
func baseChains(bridge string) []Chain {
	established := "ct state established,related accept"
	// Pods have no IPv6 but the addresses of the link that every interface makes itself. Nothing needs
	// these, and they would be a way around all policies.
	noIPv6 := fmt.Sprintf("iifname %q meta nfproto ipv6 drop", bridge)
	return []Chain{
		{Name: "forward-egress", Hook: "type filter hook forward priority filter; policy accept;",
			Rules: []string{noIPv6, established, "ip saddr vmap @egress-pods"}},
		{Name: "forward-ingress", Hook: "type filter hook forward priority filter + 1; policy accept;",
			Rules: []string{established, "ip daddr vmap @ingress-pods"}},
		{Name: "node-egress", Hook: "type filter hook input priority filter; policy accept;",
			Rules: []string{noIPv6, established, "ip saddr vmap @egress-pods"}},
	}
}

const (
	longestName = 240 // of the 255 that the kernel takes
	digestBytes = 8
)

// name joins the parts to a name that nftables takes. Names of namespaces and policies are lower-case
// letters, digits, '-' and '.', which it does after a letter.
func name(parts ...string) string {
	joined := strings.Join(parts, "/")
	if len(joined) <= longestName {
		return joined
	}
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(joined)))[:2*digestBytes]
	return joined[:longestName-len(digest)-1] + "/" + digest
}
