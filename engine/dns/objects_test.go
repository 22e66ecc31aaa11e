package dns

import (
	"context"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"kubesolo-os/engine/config"
)

func TestPublish(t *testing.T) {
	ctx := context.Background()
	client := fake.NewClientset()
	publish(t, client)
	if writes := countWrites(client); writes != 2 {
		t.Errorf("%d writes at the first start, want a Service and its endpoints", writes)
	}

	client.ClearActions()
	publish(t, client)
	if writes := countWrites(client); writes != 0 {
		t.Errorf("%d writes at the second start; flash wears out", writes)
	}

	// As another installer leaves it, with pods behind it and a label of someone's.
	services := client.CoreV1().Services(config.DNSNamespace)
	changed := service(testOptions())
	changed.Labels = map[string]string{"team": "a"}
	changed.Spec.Selector = map[string]string{"k8s-app": "kube-dns"}
	changed.Spec.Ports = changed.Spec.Ports[:1]
	if _, err := services.Update(ctx, changed, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	publish(t, client)
	repaired, err := services.Get(ctx, serviceName, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if repaired.Spec.Selector != nil || len(repaired.Spec.Ports) != 2 || repaired.Spec.ClusterIP != testOptions().Service.String() {
		t.Errorf("not repaired: %+v", repaired.Spec)
	}
	if repaired.Labels["team"] != "a" || repaired.Labels[config.DNSLabel] != config.DNSLabelValue {
		t.Errorf("labels: %v", repaired.Labels)
	}
}

// Pods find the server by the Service's ports: the slice must name the same ones.
func TestEndpointsFitTheService(t *testing.T) {
	ports, endpointPorts := service(testOptions()).Spec.Ports, endpoints(testOptions()).Ports
	if len(ports) != len(endpointPorts) {
		t.Fatalf("%d ports of the Service, %d of its endpoints", len(ports), len(endpointPorts))
	}
	for i, port := range ports {
		other := endpointPorts[i]
		if port.Name != *other.Name || port.Protocol != *other.Protocol || port.TargetPort.IntVal != *other.Port {
			t.Errorf("port %s: %+v and %+v", port.Name, port, other)
		}
	}
}

func publish(t *testing.T, client *fake.Clientset) {
	t.Helper()
	if err := Publish(context.Background(), client, testOptions()); err != nil {
		t.Fatal(err)
	}
}

func countWrites(client *fake.Clientset) (writes int) {
	for _, action := range client.Actions() {
		if action.GetVerb() != "get" {
			writes++
		}
	}
	return writes
}
