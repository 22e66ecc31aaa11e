package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// portRange is one entry of a rule's ports.
type portRange struct {
	protocol    corev1.Protocol
	first, last int32  // all ports of the protocol are 0 to 65535
	name        string // of a container's port, instead of numbers
}

const lastPort = 65535

var protocols = []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP}

// parsePorts: an entry that can't be read allows nothing.
func parsePorts(entries []networkingv1.NetworkPolicyPort) (ranges []portRange, problems []error) {
	for _, entry := range entries {
		parsed, err := parsePort(entry)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		ranges = append(ranges, parsed)
	}
	return ranges, problems
}

func parsePort(entry networkingv1.NetworkPolicyPort) (portRange, error) {
	result := portRange{protocol: corev1.ProtocolTCP, last: lastPort}
	if entry.Protocol != nil {
		result.protocol = *entry.Protocol
	}
	if !slices.Contains(protocols, result.protocol) {
		return portRange{}, fmt.Errorf("bad protocol %q; right would be TCP, UDP or SCTP", result.protocol)
	}
	switch {
	case entry.Port == nil && entry.EndPort != nil:
		return portRange{}, fmt.Errorf("endPort %d has no port to begin with", *entry.EndPort)
	case entry.Port == nil:
		return result, nil
	case entry.Port.Type == intstr.String && entry.EndPort != nil:
		return portRange{}, fmt.Errorf("endPort %d follows the named port %q; a range needs two numbers", *entry.EndPort, entry.Port.StrVal)
	case entry.Port.Type == intstr.String:
		result.name = entry.Port.StrVal
		return result, nil
	}
	result.first, result.last = entry.Port.IntVal, entry.Port.IntVal
	if entry.EndPort != nil {
		result.last = *entry.EndPort
	}
	if result.first < 1 || result.last > lastPort || result.last < result.first {
		return portRange{}, fmt.Errorf("bad port range %d to %d; right would be within 1 to %d", result.first, result.last, lastPort)
	}
	return result, nil
}

// includes says whether a port of a pod is one of the range.
func (r portRange) includes(port Port) bool {
	if port.Protocol != r.protocol {
		return false
	}
	if r.name != "" {
		return port.Name == r.name
	}
	return r.first <= port.Number && port.Number <= r.last
}

// numberMatches are nftables expressions for the ranges given by numbers, one a protocol.
func numberMatches(ranges []portRange) (matches []string) {
	for _, protocol := range protocols {
		var intervals []interval[int32]
		for _, each := range ranges {
			if each.protocol == protocol && each.name == "" {
				intervals = append(intervals, interval[int32]{each.first, each.last})
			}
		}
		keyword := strings.ToLower(string(protocol))
		switch merged := merge(intervals, cmp.Compare[int32], func(n int32) int32 { return n + 1 }); {
		case len(merged) == 0:
		case merged[0] == interval[int32]{0, lastPort}:
			matches = append(matches, "meta l4proto "+keyword)
		default:
			var texts []string
			for _, each := range merged {
				texts = append(texts, each.String())
			}
			matches = append(matches, fmt.Sprintf("%s dport { %s }", keyword, strings.Join(texts, ", ")))
		}
	}
	return matches
}

func hasNames(ranges []portRange) bool {
	return slices.ContainsFunc(ranges, func(each portRange) bool { return each.name != "" })
}
