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

	if peers.selectors {
		c.addSets(setName(d.peers), family.addressType, addressesOf(peers.pods))
	}
	// What a port's name means differs from pod to pod: such ports are matched together with the
	// address of the pod that they belong to.
	named := slices.DeleteFunc(slices.Clone(ranges), func(r portRange) bool { return r.name == "" })
	byName, byDestination := d == ingress && len(named) > 0, d == egress && len(named)+len(peers.services) > 0
	if byName {
		c.addSets(setName("ports"), family.pairType, pairsOf(selected.pods, named))
	}
	if byDestination {
		served := ranges
		if len(each.ports) == 0 {
			served = everyPort
		}
		pairs := append(pairsOf(c.destinations(peers), named), pairsOf(peers.services, served)...)
		c.addSets(setName("to-ports"), family.pairType, pairs)
	}
	for _, f := range c.families() {
		portMatches := []string{""}
		if len(each.ports) > 0 {
			portMatches = numberMatches(ranges)
		}
		if byName {
			portMatches = append(portMatches, f.pairMatch(setName("ports")))
		}
		if byDestination {
			lines = append(lines, f.pairMatch(setName("to-ports"))+" accept")
		}
		for _, peerMatch := range peers.matches(d, f, setName(d.peers)) {
			for _, portMatch := range portMatches {
				lines = append(lines, joinWords(peerMatch, portMatch, "accept"))
			}
		}
	}
	return withoutRepeats(lines)
}

// withoutRepeats: what names no address holds for both families, and is there once.
func withoutRepeats(lines []string) (once []string) {
	for _, line := range lines {
		if !slices.Contains(once, line) {
			once = append(once, line)
		}
	}
	return once
}

var everyPort = []portRange{
	{protocol: corev1.ProtocolTCP, last: lastPort},
	{protocol: corev1.ProtocolUDP, last: lastPort},
	{protocol: corev1.ProtocolSCTP, last: lastPort},
}

// pairsOf are the pods' ports that are in one of the ranges, as elements of sets.
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
