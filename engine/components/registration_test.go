package components

import (
	"net/netip"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

func TestRegisterNode(t *testing.T) {
	mine := func(value string) map[string]string { return map[string]string{"mine": value} }
	registered := newNode("node-1", []netip.Addr{netip.MustParseAddr("192.0.2.1")}, mine("changed since"))
	withoutAddress := registered.DeepCopy()
	withoutAddress.Status.Addresses = nil
	ofAnEarlierRelease := registered.DeepCopy()
	delete(ofAnEarlierRelease.Labels, controlPlaneRole)
	withARoleOfItsOwn := registered.DeepCopy()
	withARoleOfItsOwn.Labels[controlPlaneRole] = "true"
	for _, test := range []struct {
		name    string
		present *corev1.Node
		address string
		label   string
		role    string
	}{
		{"a new node has its address and labels from the start", nil, "192.0.2.1", "configured", ""},
		{"a known one stays as it is", registered, "192.0.2.1", "changed since", ""},
		{"one that moved gets its new address", registered, "192.0.2.7", "changed since", ""},
		{"one that was cut off while it was registered gets one", withoutAddress, "192.0.2.1", "changed since", ""},
		{"one of an earlier release gets its role", ofAnEarlierRelease, "192.0.2.1", "changed since", ""},
		{"a role that somebody has written stays", withARoleOfItsOwn, "192.0.2.7", "changed since", "true"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := fake.NewClientset()
			if test.present != nil {
				client = fake.NewClientset(test.present.DeepCopy())
			}
			if err := registerNode(t.Context(), client, newNode("node-1", []netip.Addr{netip.MustParseAddr(test.address)}, mine("configured"))); err != nil {
				t.Fatal(err)
			}
			node, err := client.CoreV1().Nodes().Get(t.Context(), "node-1", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(node.Status.Addresses) != 2 || node.Status.Addresses[0].Address != test.address {
				t.Errorf("addresses: %v", node.Status.Addresses)
			}
			if node.Labels["mine"] != test.label || node.Labels[corev1.LabelHostname] != "node-1" {
				t.Errorf("labels: %v", node.Labels)
			}
			if role, has := node.Labels[controlPlaneRole]; !has || role != test.role {
				t.Errorf("role: %v", node.Labels)
			}
		})
	}
}
