package policy

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// rule is one entry of a policy's ingress or egress.
type rule struct {
	peers []networkingv1.NetworkPolicyPeer // none: everybody
	ports []networkingv1.NetworkPolicyPort // none: all
}

// policy makes the rules of one policy for one direction.
func (c *compiler) policy(d direction, selected selection) (lines []string) {
	if selected.broken {
		return nil
	}
	for i, each := range rulesOf(d, selected.policy) {
		lines = append(lines, c.rule(d, selected, each, fmt.Sprint(i))...)
	}
	return lines
}

func rulesOf(d direction, policy *networkingv1.NetworkPolicy) (rules []rule) {
	if d == ingress {
		for _, each := range policy.Spec.Ingress {
			rules = append(rules, rule{each.From, each.Ports})
		}
		return rules
	}
	for _, each := range policy.Spec.Egress {
		rules = append(rules, rule{each.To, each.Ports})
	}
	return rules
}

// rule accepts each pair of what matches an address and what matches a port.
func (c *compiler) rule(d direction, selected selection, each rule, index string) (lines []string) {
	policy := selected.policy
	setName := func(kind string) string { return name(kind, policy.Namespace, policy.Name, index) }
	peers, problems := c.peers(policy.Namespace, each.peers)
	ranges, portProblems := parsePorts(each.ports)
	for _, problem := range append(problems, portProblems...) {
		c.problem(policy, problem)
	}

	peerMatches := c.peerMatches(d, peers, setName(d.peers))
	portMatches := []string{""}
	if len(each.ports) > 0 {
		portMatches = numberMatches(ranges)
	}
	// What a port's name means differs from pod to pod: such ports are matched together with the
	// address of the pod that they belong to.
	named := slices.DeleteFunc(slices.Clone(ranges), func(r portRange) bool { return r.name == "" })
	switch {
	case d == ingress && len(named) > 0:
		c.addSet(setName("ports"), pairType, pairsOf(selected.pods, named))
		portMatches = append(portMatches, pairMatch(setName("ports")))
	case d == egress && len(named)+len(peers.services) > 0:
		pairs := pairsOf(c.destinations(peers), named)
		if len(each.ports) == 0 {
			ranges = everyPort
		}
		c.addSet(setName("to-ports"), pairType, append(pairs, pairsOf(peers.services, ranges)...))
		lines = append(lines, pairMatch(setName("to-ports"))+" accept")
	}
	for _, peerMatch := range peerMatches {
		for _, portMatch := range portMatches {
			lines = append(lines, joinWords(peerMatch, portMatch, "accept"))
		}
	}
	return lines
}

var everyPort = []portRange{
	{protocol: corev1.ProtocolTCP, last: lastPort},
	{protocol: corev1.ProtocolUDP, last: lastPort},
	{protocol: corev1.ProtocolSCTP, last: lastPort},
}

const pairType = "ipv4_addr . inet_proto . inet_service"

func pairMatch(set string) string {
	return "ip daddr . meta l4proto . th dport @" + set
}

// pairsOf are the pods' ports that are in one of the ranges, as elements of pairType.
func pairsOf(pods []Pod, ranges []portRange) (pairs []string) {
	for _, pod := range pods {
		for _, port := range pod.Ports {
			if slices.ContainsFunc(ranges, func(each portRange) bool { return each.includes(port) }) {
				pairs = append(pairs, fmt.Sprintf("%s . %s . %d", pod.Address, strings.ToLower(string(port.Protocol)), port.Number))
			}
		}
	}
	return pairs
}

func joinWords(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "" }), " ")
}
