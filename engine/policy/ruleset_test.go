package policy

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestChange(t *testing.T) {
	chain := Chain{Name: "a", Rules: []string{"drop"}}
	before := Ruleset{[]Set{
		{"map", "m", "ipv4_addr : verdict", []Element{{"10.0.0.1", "goto a"}, {"10.0.0.2", "goto a"}}},
		{"set", "s", "ipv4_addr", []Element{{Key: "10.0.0.1"}}},
	}, []Chain{chain, {Name: "b"}}}
	tests := []struct {
		name string
		next Ruleset
		want string
	}{
		{"nothing changed: nothing to do", before, ""},
		{"pods came, went and moved: elements only", Ruleset{[]Set{
			{"map", "m", "ipv4_addr : verdict", []Element{{"10.0.0.1", "goto b"}, {"10.0.0.3", "goto a"}}},
			{"set", "s", "ipv4_addr", []Element{{Key: "10.0.0.1"}, {Key: "10.0.0.3"}}},
		}, before.Chains}, `delete element inet kubesolo-policy m { 10.0.0.1 : goto a, 10.0.0.2 : goto a }
add element inet kubesolo-policy m { 10.0.0.1 : goto b, 10.0.0.3 : goto a }
add element inet kubesolo-policy s { 10.0.0.3 }
`},
		{"other rules: the whole table", Ruleset{nil, []Chain{chain}}, `table inet kubesolo-policy
delete table inet kubesolo-policy
table inet kubesolo-policy {
	chain a {
		drop
	}
}
`},
		{"no rules any more: no table", Ruleset{}, "table inet kubesolo-policy\ndelete table inet kubesolo-policy\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := before.Change(test.next); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

// A ruleset grows with pods times policies at most, never with the square of the pods.
func TestSizeOfManyPods(t *testing.T) {
	small, large := textLength(manyPods(250, 25)), textLength(manyPods(1000, 25))
	if large > 4*small+small/10 {
		t.Errorf("four times the pods make the text of %d bytes %d bytes long", small, large)
	}
}

func textLength(state State) int {
	ruleset, _ := Compile(state)
	return len(ruleset.Replace())
}

func BenchmarkCompile1000Pods100Policies(b *testing.B) {
	state := manyPods(1000, 100)
	before, _ := Compile(state)
	b.Run("compile", func(b *testing.B) {
		for b.Loop() {
			Compile(state)
		}
	})
	b.Run("text", func(b *testing.B) {
		for b.Loop() {
			b.SetBytes(int64(len(before.Replace())))
		}
	})
	b.Run("change", func(b *testing.B) {
		next := state
		next.Pods = state.Pods[1:]
		after, _ := Compile(next)
		for b.Loop() {
			b.ReportMetric(float64(len(before.Change(after))), "bytes")
		}
	})
}

// manyPods are in ten namespaces, each policy is for the pods of one label, and names peers by pod,
// by namespace and by block.
func manyPods(pods, policies int) State {
	state := State{Namespaces: map[string]labels.Set{}, NodeServices: []Pod{testDNS}, Bridge: "cni0"}
	for i := range 10 {
		state.Namespaces[fmt.Sprint("n", i)] = labels.Set{"number": fmt.Sprint(i)}
	}
	for i := range pods {
		state.Pods = append(state.Pods, Pod{
			Namespace: fmt.Sprint("n", i%10), Name: fmt.Sprint("p", i),
			Labels:  labels.Set{"app": fmt.Sprint("a", i/10%10), "tier": fmt.Sprint(i % 3)},
			Address: fmt.Sprintf("10.42.%d.%d", i/256, i%256),
			Ports:   []Port{{"web", corev1.ProtocolTCP, 8080}},
		})
	}
	web := intstr.FromString("web")
	for i := range policies {
		rule := networkingv1.NetworkPolicyIngressRule{
			From: []networkingv1.NetworkPolicyPeer{
				{NamespaceSelector: &metav1.LabelSelector{}, PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"tier": fmt.Sprint(i % 3)}}},
				{IPBlock: &networkingv1.IPBlock{CIDR: "192.168.0.0/16", Except: []string{"192.168.7.0/24"}}},
			},
			Ports: []networkingv1.NetworkPolicyPort{{Port: &web}},
		}
		state.Policies = append(state.Policies, &networkingv1.NetworkPolicy{
			ObjectMeta: metav1.ObjectMeta{Namespace: fmt.Sprint("n", i%10), Name: fmt.Sprint("policy-", i)},
			Spec: networkingv1.NetworkPolicySpec{
				PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app": fmt.Sprint("a", i/10%10)}},
				Ingress:     []networkingv1.NetworkPolicyIngressRule{rule},
			},
		})
	}
	return state
}

func TestNamesStayShort(t *testing.T) {
	long := strings.Repeat("a", 300)
	first, second := name("pods", "n", long+"1"), name("pods", "n", long+"2")
	if len(first) > longestName || first == second {
		t.Errorf("%d characters, %q and %q", len(first), first, second)
	}
}
