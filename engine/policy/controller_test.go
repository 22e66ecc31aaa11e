package policy

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/fake"
)

// kernel stands for nft: it keeps the scripts, or refuses them.
type kernel struct {
	mutex   sync.Mutex
	scripts []string
	refuse  error
}

func (k *kernel) apply(_ context.Context, script string) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.refuse == nil {
		k.scripts = append(k.scripts, script)
	}
	return k.refuse
}

func (k *kernel) setRefuse(err error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.refuse = err
}

func (k *kernel) last() (string, int) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if len(k.scripts) == 0 {
		return "", 0
	}
	return k.scripts[len(k.scripts)-1], len(k.scripts)
}

func startController(t *testing.T, client *fake.Clientset, k *kernel) *Controller {
	t.Helper()
	controller := NewController(Options{
		Client: client, Node: State{Bridge: "cni0"}, Apply: k.apply, Log: t.Logf,
		Check: func(context.Context) error { return nil },
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- controller.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the controller ended with %v", err)
		}
	})
	until(t, "ready", func() bool { return controller.Ready(t.Context()) == nil })
	return controller
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

func testPod(name, address string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name, UID: types.UID(name)},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning, PodIPs: []corev1.PodIP{{IP: address}}},
	}
}

var denyDefault = &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "deny"}}

func TestControllerWithoutPoliciesWatchesNoPods(t *testing.T) {
	k, client := &kernel{}, fake.NewClientset(testPod("a", "10.42.0.2"))
	controller := startController(t, client, k)
	if err := controller.Learn(t.Context(), "b", "sandbox", []netip.Addr{netip.MustParseAddr("10.42.0.3")}); err != nil {
		t.Error(err)
	}
	if script, count := k.last(); count != 1 || script != (Ruleset{}).Replace() {
		t.Errorf("%d scripts, the last: %s", count, script)
	}
	for _, action := range client.Actions() {
		if action.GetResource().Resource == "pods" {
			t.Errorf("%s of pods", action.GetVerb())
		}
	}
}

func TestControllerFollowsPoliciesAndPods(t *testing.T) {
	k, client := &kernel{}, fake.NewClientset(testPod("a", "10.42.0.2"))
	startController(t, client, k)
	policies, pods := client.NetworkingV1().NetworkPolicies("default"), client.CoreV1().Pods("default")

	must(t)(policies.Create(t.Context(), denyDefault, metav1.CreateOptions{}))
	until(t, "the policy's table", func() bool { script, _ := k.last(); return strings.Contains(script, "chain ingress/default") })

	must(t)(pods.Create(t.Context(), testPod("b", "10.42.0.3"), metav1.CreateOptions{}))
	until(t, "the new pod's element", func() bool {
		script, _ := k.last()
		return strings.HasPrefix(script, "add element") && strings.Contains(script, "10.42.0.3 : goto ingress/default")
	})
	if err := pods.Delete(t.Context(), "a", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	until(t, "the deleted pod's end", func() bool {
		script, _ := k.last()
		return strings.Contains(script, "delete element inet kubesolo-policy ingress-pods { 10.42.0.2 : goto ingress/default }")
	})
	if err := policies.Delete(t.Context(), "deny", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	until(t, "no table", func() bool { script, _ := k.last(); return script == (Ruleset{}).Replace() })
}

func TestLearnReturnsWhenTheRulesKnowThePod(t *testing.T) {
	k, client := &kernel{}, fake.NewClientset(denyDefault)
	controller := startController(t, client, k)
	learned := make(chan error, 1)
	go func() {
		learned <- controller.Learn(t.Context(), "new", "sandbox", []netip.Addr{netip.MustParseAddr("10.42.0.9")})
	}()
	select {
	case err := <-learned:
		t.Fatalf("the API server has not told of the pod yet, and still: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	must(t)(client.CoreV1().Pods("default").Create(t.Context(), testPod("new", ""), metav1.CreateOptions{}))
	if err := <-learned; err != nil {
		t.Fatal(err)
	}
	if script, _ := k.last(); !strings.Contains(script, "10.42.0.9 : goto ingress/default") {
		t.Errorf("the last script: %s", script)
	}
	controller.Forget("sandbox")
	until(t, "the address's end", func() bool {
		script, _ := k.last()
		return strings.HasPrefix(script, "delete element") && strings.Contains(script, "10.42.0.9")
	})
}

func TestLearnFailsWithTheRules(t *testing.T) {
	k, client := &kernel{}, fake.NewClientset(denyDefault, testPod("new", ""))
	controller := startController(t, client, k)
	k.setRefuse(errors.New("no memory"))
	err := controller.Learn(t.Context(), "new", "sandbox", []netip.Addr{netip.MustParseAddr("10.42.0.9")})
	if err == nil || !strings.Contains(err.Error(), "no memory") {
		t.Errorf("got %v", err)
	}
	k.setRefuse(nil)
	until(t, "the retry, with the whole table", func() bool {
		script, _ := k.last()
		return strings.HasPrefix(script, "table") && strings.Contains(script, "10.42.0.9 : goto")
	})
}

func TestControllerEndsWhenTheFirstRulesFail(t *testing.T) {
	k := &kernel{refuse: errors.New("no such thing")}
	controller := NewController(Options{Client: fake.NewClientset(), Apply: k.apply, Log: t.Logf, Check: func(context.Context) error { return nil }})
	if err := controller.Run(t.Context()); !errors.Is(err, k.refuse) {
		t.Errorf("got %v", err)
	}
}

func TestPodsOf(t *testing.T) {
	learned := map[types.UID][]netip.Addr{"new": {netip.MustParseAddr("10.42.0.2")}}
	older, newer := testPod("older", "10.42.0.3"), testPod("newer", "10.42.0.3")
	newer.CreationTimestamp = metav1.Now()
	pods := podsOf([]*corev1.Pod{
		testPod("stale", "10.42.0.2"), testPod("new", "10.42.0.77"), // of before the reboot, both
		newer, older, testPod("none", ""), testPod("six", "fd00::1"),
	}, learned)
	got := map[string]string{}
	for _, pod := range pods {
		got[pod.Address] = pod.Name
	}
	if want := fmt.Sprint(map[string]string{"10.42.0.2": "new", "10.42.0.3": "newer", "fd00::1": "six"}); fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func must(t *testing.T) func(any, error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}
