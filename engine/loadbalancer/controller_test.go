package loadbalancer

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
)

// freePort is one that no test machine listens on (IANA: discard).
const freePort = 9

func onFreePort(service *corev1.Service) { service.Spec.Ports[0].Port = freePort }

func addressOf(t *testing.T, client *fake.Clientset, name string) string {
	t.Helper()
	service, err := client.CoreV1().Services("shop").Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if given := service.Status.LoadBalancer.Ingress; len(given) > 0 {
		return given[0].IP
	}
	return ""
}

func waitForAddress(t *testing.T, client *fake.Clientset, name, want string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); addressOf(t, client, name) != want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited too long for %s to have the address %q", name, want)
		}
	}
}

// oneCard has no address but the node's.
type oneCard struct{}

func (oneCard) Addresses() ([]netip.Addr, error)    { return nil, nil }
func (oneCard) Watch(context.Context, func()) error { return nil }

// client-go's API server in memory; the tests in test/sandbox run a real one.
func TestServicesFollowTheNode(t *testing.T) {
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node-1"}}
	first := testService("first", time.Hour, onFreePort)
	client, events := fake.NewClientset(node, first), record.NewFakeRecorder(10)
	ctx, cancel := context.WithCancel(context.Background())
	factory := informers.NewSharedInformerFactory(client, 0)
	controller, err := New(client, factory, events, "node-1", netip.Addr{}, nil, oneCard{})
	if err != nil {
		t.Fatal(err)
	}
	factory.Start(ctx.Done())
	ended := make(chan struct{})
	go func() {
		controller.Run(ctx)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		factory.Shutdown()
	})
	factory.WaitForCacheSync(ctx.Done()) // the fake loses what is made between a list and a watch

	for _, address := range []string{"192.0.2.10", "192.0.2.11"} {
		node.Status.Addresses = []corev1.NodeAddress{{Type: corev1.NodeHostName, Address: "node-1"}, {Type: corev1.NodeInternalIP, Address: address}}
		if _, err := client.CoreV1().Nodes().UpdateStatus(ctx, node, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
		waitForAddress(t, client, "first", address)
	}

	second := testService("second", 0, onFreePort)
	if _, err := client.CoreV1().Services("shop").Create(ctx, second, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if event := <-events.Events; !strings.HasPrefix(event, "Warning SyncLoadBalancerFailed port 9/TCP of the node belongs to the Service shop/first") {
		t.Errorf("got the event %q", event)
	}
	if err := client.CoreV1().Services("shop").Delete(ctx, "first", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	waitForAddress(t, client, "second", "192.0.2.11")
}

func TestTakeBack(t *testing.T) {
	client := fake.NewClientset(testService("a", 0, answered("192.0.2.10")))
	if err := TakeBack(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if got := addressOf(t, client, "a"); got != "" {
		t.Errorf("it still has %s", got)
	}
}
