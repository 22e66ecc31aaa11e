package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"kubesolo-os/engine/crash"
)

// direction is what differs between ingress and egress.
type direction struct {
	name  string
	own   string // which address of a packet is the selected pod's
	other string
	peers string // what sets of peers are called
}

var (
	ingress = direction{"ingress", "daddr", "saddr", "from"}
	egress  = direction{"egress", "saddr", "daddr", "to"}
)

// compiler collects the ruleset.
type compiler struct {
	state       State
	byNamespace map[string][]Pod
	sets        []Set
	chains      []Chain
	problems    []error
}

// Compile makes the rules. A problem is a part of a policy that can't be translated: it allows nothing.
func Compile(state State) (Ruleset, []error) {
	if len(state.Policies) == 0 {
		return Ruleset{}, nil
	}
	// Whatever is chosen of the pods is in order then; sorting it costs nothing.
	state.Pods = slices.SortedFunc(slices.Values(state.Pods), func(a, b Pod) int { return cmp.Compare(a.Address, b.Address) })
	c := &compiler{state: state, byNamespace: map[string][]Pod{}}
	for _, pod := range state.Pods {
		c.byNamespace[pod.Namespace] = append(c.byNamespace[pod.Namespace], pod)
	}
	policiesOf := map[string][]*networkingv1.NetworkPolicy{}
	for _, policy := range state.Policies {
		policiesOf[policy.Namespace] = append(policiesOf[policy.Namespace], policy)
	}
	verdicts := map[string][]Element{}
	var isolated []string
	for _, namespace := range slices.Sorted(maps.Keys(policiesOf)) {
		policies := slices.SortedFunc(slices.Values(policiesOf[namespace]), func(a, b *networkingv1.NetworkPolicy) int {
			return cmp.Compare(a.Name, b.Name)
		})
		selections := c.selections(namespace, policies)
		for _, d := range []direction{ingress, egress} {
			for _, address := range c.namespace(d, namespace, selections) {
				verdicts[d.name] = append(verdicts[d.name], Element{address, "goto " + name(d.name, namespace)})
				isolated = append(isolated, address+" . "+address)
			}
		}
	}
	var dispatch []Set
	for _, f := range c.families() {
		for _, d := range []direction{ingress, egress} {
			dispatch = append(dispatch, Set{Kind: "map", Name: d.name + "-pods" + f.suffix, Type: f.address + " : verdict", Elements: f.verdicts(verdicts[d.name])})
		}
		dispatch = append(dispatch, Set{Kind: "set", Name: "self" + f.suffix, Type: f.address + " . " + f.address, Elements: elementsOf(f.of(isolated))})
	}
	return Ruleset{append(dispatch, c.sets...), append(c.baseChains(), c.chains...)}, c.problems
}

// selection is a policy with the pods that it selects.
type selection struct {
	policy *networkingv1.NetworkPolicy
	all    bool // of its namespace
	pods   []Pod
	set    string // their addresses, unless all
	broken bool
}

// selections makes the set of each policy's pods. A policy whose pods can't be told selects all of its
// namespace, and allows nothing.
func (c *compiler) selections(namespace string, policies []*networkingv1.NetworkPolicy) (result []selection) {
	for _, policy := range policies {
		selector, err := metav1.LabelSelectorAsSelector(&policy.Spec.PodSelector)
		if err != nil {
			c.problem(policy, fmt.Errorf("bad podSelector: %w", err))
			result = append(result, selection{policy: policy, all: true, pods: c.byNamespace[namespace], broken: true})
			continue
		}
		selected := selection{policy: policy, all: selector.Empty(), pods: selectPods(c.byNamespace[namespace], selector)}
		if !selected.all {
			selected.set = name("pods", namespace, policy.Name)
			c.addSets(selected.set, family.addressType, addressesOf(selected.pods))
		}
		result = append(result, selected)
	}
	return result
}

// namespace makes the chains for one direction of all pods in a namespace, and returns the addresses
// of those that are isolated: selected by some policy of this direction.
func (c *compiler) namespace(d direction, namespace string, selections []selection) (isolated []string) {
	chain := Chain{Name: name(d.name, namespace)}
	for _, f := range c.families() {
		chain.Rules = append(chain.Rules, fmt.Sprintf("%[1]s saddr . %[1]s daddr @self%[2]s accept", f.ip, f.suffix))
	}
	var policyChains []Chain
	applies := false
	for _, selected := range selections {
		if !hasDirection(selected.policy, d) {
			continue
		}
		applies = true
		isolated = append(isolated, addressesOf(selected.pods)...)
		rules := c.anyway(selected.policy, func() []string { return c.policy(d, selected) })
		if len(rules) == 0 {
			continue
		}
		policyChain := Chain{Name: name(d.name, namespace, selected.policy.Name), Rules: rules}
		policyChains = append(policyChains, policyChain)
		jump := "jump " + policyChain.Name
		if selected.all {
			chain.Rules = append(chain.Rules, jump)
			continue
		}
		for _, f := range c.families() {
			chain.Rules = append(chain.Rules, fmt.Sprintf("%s %s @%s%s %s", f.ip, d.own, selected.set, f.suffix, jump))
		}
	}
	if !applies {
		return nil
	}
	chain.Rules = append(chain.Rules, "drop")
	c.chains = append(append(c.chains, chain), policyChains...)
	slices.Sort(isolated)
	return slices.Compact(isolated)
}

// anyway: a policy that can't be handled doesn't take the others along. It allows nothing.
func (c *compiler) anyway(policy *networkingv1.NetworkPolicy, make func() []string) (rules []string) {
	err := crash.Catch(func() error {
		rules = make()
		return nil
	})
	if err != nil {
		c.problem(policy, err)
	}
	return rules
}

func hasDirection(policy *networkingv1.NetworkPolicy, d direction) bool {
	types := policy.Spec.PolicyTypes
	if len(types) == 0 { // the API server's default
		return d == ingress || len(policy.Spec.Egress) > 0
	}
	if d == ingress {
		return slices.Contains(types, networkingv1.PolicyTypeIngress)
	}
	return slices.Contains(types, networkingv1.PolicyTypeEgress)
}

func (c *compiler) problem(policy *networkingv1.NetworkPolicy, err error) {
	c.problems = append(c.problems, fmt.Errorf("NetworkPolicy %s/%s: %w; this part of it allows nothing", policy.Namespace, policy.Name, err))
}

// addSets makes one for each family, of its keys.
func (c *compiler) addSets(name string, kind func(family) string, keys []string) {
	for _, f := range c.families() {
		c.sets = append(c.sets, Set{Kind: "set", Name: name + f.suffix, Type: kind(f), Elements: elementsOf(f.of(keys))})
	}
}

func selectPods(pods []Pod, selector labels.Selector) (result []Pod) {
	for _, pod := range pods {
		if selector.Matches(pod.Labels) {
			result = append(result, pod)
		}
	}
	return result
}

func addressesOf(pods []Pod) []string {
	addresses := make([]string, len(pods))
	for i, pod := range pods {
		addresses[i] = pod.Address
	}
	return addresses
}

func elementsOf(keys []string) []Element {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	elements := make([]Element, len(keys))
	for i, key := range keys {
		elements[i].Key = key
	}
	return elements
}

func (f family) verdicts(elements []Element) []Element {
	own := slices.DeleteFunc(slices.Clone(elements), func(each Element) bool { return len(f.of([]string{each.Key})) == 0 })
	slices.SortFunc(own, compareElements)
	return own
}
