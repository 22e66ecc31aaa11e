package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// peers are those that a rule names.
type peers struct {
	any       bool // it names none: everybody
	selectors bool // it names pods, there may just be none now
	pods      []Pod
	services  []Pod // of the node, by their labels
	blocks    []addressRange
}

// peers: an entry that can't be read allows nobody.
func (c *compiler) peers(namespace string, entries []networkingv1.NetworkPolicyPeer) (result peers, problems []error) {
	if len(entries) == 0 {
		return peers{any: true}, nil
	}
	var blocks []*networkingv1.IPBlock
	for _, entry := range entries {
		bySelector := entry.PodSelector != nil || entry.NamespaceSelector != nil
		switch {
		case entry.IPBlock == nil && !bySelector:
			problems = append(problems, errors.New("a peer without podSelector, namespaceSelector or ipBlock"))
		case entry.IPBlock != nil && bySelector:
			problems = append(problems, errors.New("a peer with both an ipBlock and a selector"))
		case entry.IPBlock != nil:
			blocks = append(blocks, entry.IPBlock)
		default:
			result.selectors = true
			if err := c.selectPeers(namespace, entry, &result); err != nil {
				problems = append(problems, err)
			}
		}
	}
	var blockProblems []error
	result.blocks, blockProblems = rangesOf(blocks)
	return result, append(problems, blockProblems...)
}

// selectPeers adds the pods that one entry selects: in the policy's own namespace if it doesn't say
// which, and all of a namespace if it doesn't say more.
func (c *compiler) selectPeers(namespace string, entry networkingv1.NetworkPolicyPeer, result *peers) error {
	pods, namespaces := labels.Everything(), labels.Everything()
	var err error
	if entry.PodSelector != nil {
		if pods, err = metav1.LabelSelectorAsSelector(entry.PodSelector); err != nil {
			return fmt.Errorf("bad podSelector: %w", err)
		}
	}
	if entry.NamespaceSelector != nil {
		if namespaces, err = metav1.LabelSelectorAsSelector(entry.NamespaceSelector); err != nil {
			return fmt.Errorf("bad namespaceSelector: %w", err)
		}
	}
	selected := func(candidate string) bool {
		if entry.NamespaceSelector == nil {
			return candidate == namespace
		}
		return namespaces.Matches(c.state.Namespaces[candidate])
	}
	inside := map[string]bool{}
	for candidate := range c.byNamespace {
		inside[candidate] = selected(candidate)
	}
	for _, pod := range c.state.Pods {
		if inside[pod.Namespace] && pods.Matches(pod.Labels) {
			result.pods = append(result.pods, pod)
		}
	}
	for _, service := range c.state.NodeServices {
		if selected(service.Namespace) && pods.Matches(service.Labels) {
			result.services = append(result.services, service)
		}
	}
	return nil
}

// matches are nftables expressions for the other side's address.
func (p peers) matches(d direction, f family, set string) (matches []string) {
	if p.any {
		return []string{""}
	}
	if p.selectors {
		matches = append(matches, fmt.Sprintf("%s %s @%s%s", f.ip, d.other, set, f.suffix))
	}
	var texts []string
	for _, each := range p.blocks {
		texts = append(texts, each.String())
	}
	if texts = f.of(texts); len(texts) > 0 {
		matches = append(matches, fmt.Sprintf("%s %s { %s }", f.ip, d.other, strings.Join(texts, ", ")))
	}
	return matches
}

// destinations are all pods and services of the node at the peers' addresses.
func (c *compiler) destinations(to peers) []Pod {
	everybody := slices.Concat(c.state.Pods, c.state.NodeServices)
	if to.any {
		return everybody
	}
	result := slices.Clone(to.pods)
	for _, pod := range everybody {
		if contains(to.blocks, pod.Address) {
			result = append(result, pod)
		}
	}
	return result
}
