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
func (c *compiler) baseChains() []Chain {
	const established = "ct state established,related accept"
	fromPods, toPods := c.guardIPv6(), []string{established}
	if c.state.Network6.IsValid() {
		toPods = []string{neighbours, established}
	}
	fromPods = append(fromPods, established)
	for _, f := range c.families() {
		fromPods = append(fromPods, f.ip+" saddr vmap @egress-pods"+f.suffix)
		toPods = append(toPods, f.ip+" daddr vmap @ingress-pods"+f.suffix)
	}
	return []Chain{
		{Name: "forward-egress", Hook: "type filter hook forward priority filter; policy accept;", Rules: fromPods},
		{Name: "forward-ingress", Hook: "type filter hook forward priority filter + 1; policy accept;", Rules: toPods},
		{Name: "node-egress", Hook: "type filter hook input priority filter; policy accept;", Rules: fromPods},
	}
}

// neighbours find each other by these packets, as by ARP (RFC 4861).
const neighbours = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"

// guardIPv6 drops what no set of addresses could tell: every interface makes itself an address of the link, which nothing needs
// and which would be a way around all policies. Where pods have no other, that is all IPv6.
func (c *compiler) guardIPv6() []string {
	if !c.state.Network6.IsValid() {
		return []string{fmt.Sprintf("iifname %q meta nfproto ipv6 drop", c.state.Bridge)}
	}
	return []string{
		neighbours,
		fmt.Sprintf("iifname %q ip6 saddr != %s drop", c.state.Bridge, c.state.Network6),
		fmt.Sprintf("iifname %q ip6 daddr { fe80::/10, ff00::/8 } drop", c.state.Bridge),
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
