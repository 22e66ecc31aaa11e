package preflight

import (
	"encoding/binary"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

var nativeEndian = binary.NativeEndian

const probeTable, probeChain = "kubesolo-probe", "probe"

// nftablesRequest is one message of nf_tables: what to make, in a table of the family.
type nftablesRequest struct {
	kind       int // unix.NFT_MSG_…
	family     byte
	attributes func(*netlink.AttributeEncoder)
}

// readMissingExpressions asks for a table, and in it for rules that have an expression's name and nothing
// more. The kernel has no such file or directory (ENOENT) as those that it doesn't know, and refuses the
// others as incomplete or takes them. The batch has no end, so the kernel undoes it.
func readMissingExpressions(wanted []expression) (missing []expression, err error) {
	messages := []netlink.Message{batchBegin()}
	for _, family := range []byte{unix.NFPROTO_IPV4, unix.NFPROTO_IPV6} {
		for _, request := range []nftablesRequest{probeTableRequest(family), probeChainRequest(family)} {
			messages = append(messages, request.message())
		}
	}
	first := len(messages)
	for _, each := range wanted {
		messages = append(messages, each.request().message())
	}
	answers, err := exchange(unix.NETLINK_NETFILTER, messages)
	if err != nil {
		return nil, err
	}
	for _, answer := range answers[:first] { // without a table there is no use in asking for more
		if answer != 0 {
			return nil, answer
		}
	}
	for i, answer := range answers[first:] {
		if answer == unix.ENOENT {
			missing = append(missing, wanted[i])
		}
	}
	return missing, nil
}

func (e expression) request() nftablesRequest {
	return nftablesRequest{unix.NFT_MSG_NEWRULE, e.family, func(a *netlink.AttributeEncoder) {
		a.String(unix.NFTA_RULE_TABLE, probeTable)
		a.String(unix.NFTA_RULE_CHAIN, probeChain)
		a.Nested(unix.NFTA_RULE_EXPRESSIONS, func(list *netlink.AttributeEncoder) error {
			list.Nested(unix.NFTA_LIST_ELEM, func(element *netlink.AttributeEncoder) error {
				element.String(unix.NFTA_EXPR_NAME, e.name)
				return nil
			})
			return nil
		})
	}}
}

func probeTableRequest(family byte) nftablesRequest {
	return nftablesRequest{unix.NFT_MSG_NEWTABLE, family, func(a *netlink.AttributeEncoder) {
		a.String(unix.NFTA_TABLE_NAME, probeTable)
	}}
}

func probeChainRequest(family byte) nftablesRequest {
	return nftablesRequest{unix.NFT_MSG_NEWCHAIN, family, func(a *netlink.AttributeEncoder) {
		a.String(unix.NFTA_CHAIN_TABLE, probeTable)
		a.String(unix.NFTA_CHAIN_NAME, probeChain)
	}}
}

func (r nftablesRequest) message() netlink.Message {
	attributes := netlink.NewAttributeEncoder()
	r.attributes(attributes)
	encoded, err := attributes.Encode()
	if err != nil {
		panic(err) // the attributes are constants
	}
	return netlink.Message{
		Header: netlink.Header{
			Type:  netlink.HeaderType(unix.NFNL_SUBSYS_NFTABLES<<8 | r.kind),
			Flags: netlink.Request | netlink.Acknowledge | netlink.Create,
		},
		Data: append([]byte{r.family, unix.NFNETLINK_V0, 0, 0}, encoded...),
	}
}

// batchBegin names the subsystem, in network byte order.
func batchBegin() netlink.Message {
	return netlink.Message{
		Header: netlink.Header{Type: unix.NFNL_MSG_BATCH_BEGIN, Flags: netlink.Request},
		Data:   []byte{unix.AF_UNSPEC, unix.NFNETLINK_V0, 0, unix.NFNL_SUBSYS_NFTABLES},
	}
}
