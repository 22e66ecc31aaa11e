package policy

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
)

// interval is a range of IPv4 addresses, both ends included.
type interval struct{ first, last uint32 }

// intervalsOf is the union of all blocks, each without its exceptions, as disjoint ranges. A block of
// IPv6 is empty: pods have no such addresses. What can't be read is left out of what is allowed: of a
// bad exception the whole block.
func intervalsOf(blocks []*networkingv1.IPBlock) (result []interval, problems []error) {
	for _, block := range blocks {
		part, err := intervalsOfBlock(block)
		if err != nil {
			problems = append(problems, err)
		}
		result = append(result, part...)
	}
	return merge(result), problems
}

func intervalsOfBlock(block *networkingv1.IPBlock) ([]interval, error) {
	whole, err := parseBlock(block.CIDR)
	if err != nil || whole == nil {
		return nil, err
	}
	rest := []interval{*whole}
	for _, text := range block.Except {
		hole, err := parseBlock(text)
		if err != nil {
			return nil, err
		}
		if hole != nil {
			rest = subtract(rest, *hole)
		}
	}
	return rest, nil
}

// parseBlock returns nil for a block of IPv6.
func parseBlock(text string) (*interval, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, fmt.Errorf("bad ipBlock %q; right would be an address with a prefix length, such as 10.0.0.0/8", text)
	}
	if !prefix.Addr().Is4() {
		return nil, nil
	}
	address := prefix.Masked().Addr().As4()
	first := binary.BigEndian.Uint32(address[:])
	return &interval{first, first | uint32(uint64(1)<<(32-prefix.Bits())-1)}, nil
}

func subtract(from []interval, hole interval) (rest []interval) {
	for _, each := range from {
		if hole.last < each.first || each.last < hole.first {
			rest = append(rest, each)
			continue
		}
		if each.first < hole.first {
			rest = append(rest, interval{each.first, hole.first - 1})
		}
		if hole.last < each.last {
			rest = append(rest, interval{hole.last + 1, each.last})
		}
	}
	return rest
}

// merge joins ranges that overlap or touch; nftables refuses overlapping ones.
func merge(all []interval) (result []interval) {
	slices.SortFunc(all, func(a, b interval) int { return cmp.Compare(a.first, b.first) })
	for _, each := range all {
		if end := len(result) - 1; end >= 0 && uint64(each.first) <= uint64(result[end].last)+1 {
			result[end].last = max(result[end].last, each.last)
			continue
		}
		result = append(result, each)
	}
	return result
}

func contains(intervals []interval, address string) bool {
	parsed, err := netip.ParseAddr(address)
	if err != nil || !parsed.Is4() {
		return false
	}
	bytes := parsed.As4()
	number := binary.BigEndian.Uint32(bytes[:])
	return slices.ContainsFunc(intervals, func(each interval) bool { return each.first <= number && number <= each.last })
}

func (i interval) String() string {
	if i.first == i.last {
		return addressText(i.first)
	}
	return addressText(i.first) + "-" + addressText(i.last)
}

func addressText(number uint32) string {
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, number))).String()
}
