package components

import (
	"context"
	"net/netip"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"

	"kubesolo-os/engine/dns"
)

func TestLeftoversOfKubeSolo(t *testing.T) {
	own := dns.Options{Service: netip.MustParseAddr("10.43.0.10"), Listen: netip.MustParseAddrPort("10.42.0.1:53")}
	named := func(namespace, name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Namespace: namespace, Name: name}
	}
	slice := func(name string) *discoveryv1.EndpointSlice {
		meta := named("kube-system", name)
		meta.Labels = map[string]string{discoveryv1.LabelServiceName: "kube-dns"}
		return &discoveryv1.EndpointSlice{ObjectMeta: meta, AddressType: discoveryv1.AddressTypeIPv4}
	}
	objects := func() []runtime.Object {
		return []runtime.Object{
			&appsv1.Deployment{ObjectMeta: named("kube-system", "coredns")},
			&corev1.ConfigMap{ObjectMeta: named("kube-system", "coredns")},
			&rbacv1.ClusterRole{ObjectMeta: named("", "system:coredns")},
			&appsv1.Deployment{ObjectMeta: named("local-path-storage", "local-path-provisioner")},
			&appsv1.Deployment{ObjectMeta: named("default", "coredns")},
			&corev1.Service{ObjectMeta: named("kube-system", "kube-dns"),
				Spec: corev1.ServiceSpec{ClusterIP: own.Service.String(), Selector: map[string]string{"k8s-app": "coredns"}}},
			slice("kube-dns"), slice("kube-dns-x7k2p"),
		}
	}
	ctx := context.Background()
	deployments := func(client *fake.Clientset) (names []string) {
		all, err := client.AppsV1().Deployments("").List(ctx, metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, each := range all.Items {
			names = append(names, each.Namespace+"/"+each.Name)
		}
		return names
	}

	client := fake.NewClientset(objects()...)
	if err := removeLeftovers(ctx, client, own); err != nil {
		t.Fatal(err)
	}
	if got := deployments(client); len(got) != 3 {
		t.Errorf("a cluster that was never KubeSolo's has left %v", got)
	}

	webhook := &admissionv1.MutatingWebhookConfiguration{ObjectMeta: named("", upstreamWebhook)}
	client = fake.NewClientset(append(objects(), webhook)...)
	if err := removeLeftovers(ctx, client, own); err != nil {
		t.Fatal(err)
	}
	if got := deployments(client); len(got) != 1 || got[0] != "default/coredns" {
		t.Errorf("left: %v", got)
	}
	slices, _ := client.DiscoveryV1().EndpointSlices("kube-system").List(ctx, metav1.ListOptions{})
	if len(slices.Items) != 1 || slices.Items[0].Name != "kube-dns" {
		t.Errorf("endpoints of cluster DNS: %v", slices.Items)
	}
	if _, err := client.AdmissionregistrationV1().MutatingWebhookConfigurations().Get(ctx, upstreamWebhook, metav1.GetOptions{}); err == nil {
		t.Error("the webhook is left")
	}
	client.ClearActions()
	if err := removeLeftovers(ctx, client, own); err != nil || len(client.Actions()) != 1 {
		t.Errorf("the next start: %v, %v", client.Actions(), err)
	}
}
