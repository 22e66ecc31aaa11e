package policy

import (
	"fmt"
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
)

// interval is a range of addresses or ports, both ends included.
type interval[T any] struct{ first, last T }

type addressRange = interval[netip.Addr]

// rangesOf is the union of all blocks, each without its exceptions, as disjoint ranges, IPv4 before IPv6. What can't be read is
// left out of what is allowed: of a bad exception the whole block.
func rangesOf(blocks []*networkingv1.IPBlock) (result []addressRange, problems []error) {
	for _, block := range blocks {
		part, err := rangesOfBlock(block)
		if err != nil {
			problems = append(problems, err)
		}
		result = append(result, part...)
	}
	return merge(result, netip.Addr.Compare, netip.Addr.Next), problems
}

func rangesOfBlock(block *networkingv1.IPBlock) ([]addressRange, error) {
	whole, err := parseBlock(block.CIDR)
	if err != nil {
		return nil, err
	}
	rest := []addressRange{whole}
	for _, text := range block.Except {
		hole, err := parseBlock(text)
		if err != nil {
			return nil, err
		}
		rest = subtract(rest, hole)
	}
	return rest, nil
}

func parseBlock(text string) (addressRange, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return addressRange{}, fmt.Errorf("bad ipBlock %q; right would be an address with a prefix length, such as 10.0.0.0/8", text)
	}
	first := prefix.Masked().Addr()
	bytes := first.AsSlice()
	for bit := prefix.Bits(); bit < first.BitLen(); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes)
	return addressRange{first, last}, nil
}

// subtract: of two families, no addresses are the same.
func subtract(from []addressRange, hole addressRange) (rest []addressRange) {
	for _, each := range from {
		if hole.last.Less(each.first) || each.last.Less(hole.first) {
			rest = append(rest, each)
			continue
		}
		if each.first.Less(hole.first) {
			rest = append(rest, addressRange{each.first, hole.first.Prev()})
		}
		if hole.last.Less(each.last) {
			rest = append(rest, addressRange{hole.last.Next(), each.last})
		}
	}
	return rest
}

// merge joins ranges that overlap or touch; nftables refuses overlapping ones.
func merge[T comparable](all []interval[T], compare func(a, b T) int, next func(T) T) (result []interval[T]) {
	slices.SortFunc(all, func(a, b interval[T]) int { return compare(a.first, b.first) })
	for _, each := range all {
		end := len(result) - 1
		if end < 0 || compare(each.first, result[end].last) > 0 && each.first != next(result[end].last) {
			result = append(result, each)
			continue
		}
		if compare(each.last, result[end].last) > 0 {
			result[end].last = each.last
		}
	}
	return result
}

func contains(ranges []addressRange, text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && slices.ContainsFunc(ranges, func(each addressRange) bool {
		return each.first.Compare(address) <= 0 && address.Compare(each.last) <= 0
	})
}

func (i interval[T]) String() string {
	first, last := fmt.Sprint(i.first), fmt.Sprint(i.last)
	if first == last {
		return first
	}
	return first + "-" + last
}
