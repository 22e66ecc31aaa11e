package dns

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/ptr"

	"kubesolo-os/engine/config"
)

const (
	manager     = "kubesolo"
	port        = 53
	serviceName = "kube-dns" // by which programs and people look for it, whatever the server is
)

// service has no selector: no pod is behind it.
func service(o Options) *corev1.Service {
	return &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: config.DNSNamespace, Name: serviceName, Labels: map[string]string{
			config.DNSLabel:                 config.DNSLabelValue,
			"kubernetes.io/cluster-service": "true",
			"kubernetes.io/name":            "CoreDNS",
		}},
		Spec: corev1.ServiceSpec{
			ClusterIP: o.Service.String(),
			Ports: []corev1.ServicePort{
				{Name: "dns", Protocol: corev1.ProtocolUDP, Port: port, TargetPort: intstr.FromInt32(port)},
				{Name: "dns-tcp", Protocol: corev1.ProtocolTCP, Port: port, TargetPort: intstr.FromInt32(port)},
			},
		},
	}
}

// endpoints lead the Service to the node.
func endpoints(o Options) *discoveryv1.EndpointSlice {
	return &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{Namespace: config.DNSNamespace, Name: serviceName, Labels: map[string]string{
			discoveryv1.LabelServiceName: serviceName,
			discoveryv1.LabelManagedBy:   manager,
			config.DNSLabel:              config.DNSLabelValue,
		}},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints: []discoveryv1.Endpoint{{
			Addresses:  []string{o.Listen.Addr().String()},
			Conditions: discoveryv1.EndpointConditions{Ready: ptr.To(true)},
		}},
		Ports: []discoveryv1.EndpointPort{
			{Name: ptr.To("dns"), Protocol: ptr.To(corev1.ProtocolUDP), Port: ptr.To[int32](port)},
			{Name: ptr.To("dns-tcp"), Protocol: ptr.To(corev1.ProtocolTCP), Port: ptr.To[int32](port)},
		},
	}
}

// Publish makes the Service kube-dns and its endpoints, or brings those of another release up to date.
func Publish(ctx context.Context, client kubernetes.Interface, o Options) error {
	if err := ensureService(ctx, client, service(o)); err != nil {
		return fmt.Errorf("cannot write the Service %s/%s: %w", config.DNSNamespace, serviceName, err)
	}
	if err := ensureEndpoints(ctx, client, endpoints(o)); err != nil {
		return fmt.Errorf("cannot write the EndpointSlice %s/%s: %w", config.DNSNamespace, serviceName, err)
	}
	return nil
}

func ensureService(ctx context.Context, client kubernetes.Interface, wanted *corev1.Service) error {
	services := client.CoreV1().Services(wanted.Namespace)
	present, err := services.Get(ctx, wanted.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		_, err = services.Create(ctx, wanted, metav1.CreateOptions{})
		return err
	}
	if err != nil {
		return err
	}
	updated := present.DeepCopy()
	updated.Labels = withLabels(present.Labels, wanted.Labels)
	updated.Spec.ClusterIP = wanted.Spec.ClusterIP
	updated.Spec.Selector = nil
	updated.Spec.Ports = wanted.Spec.Ports
	if equality.Semantic.DeepEqual(present, updated) {
		return nil
	}
	_, err = services.Update(ctx, updated, metav1.UpdateOptions{})
	return err
}

func ensureEndpoints(ctx context.Context, client kubernetes.Interface, wanted *discoveryv1.EndpointSlice) error {
	slices := client.DiscoveryV1().EndpointSlices(wanted.Namespace)
	present, err := slices.Get(ctx, wanted.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		_, err = slices.Create(ctx, wanted, metav1.CreateOptions{})
		return err
	}
	if err != nil {
		return err
	}
	updated := present.DeepCopy()
	updated.Labels = withLabels(present.Labels, wanted.Labels)
	updated.Endpoints = wanted.Endpoints
	updated.Ports = wanted.Ports
	if equality.Semantic.DeepEqual(present, updated) {
		return nil
	}
	_, err = slices.Update(ctx, updated, metav1.UpdateOptions{})
	return err
}

// RemoveOtherEndpoints is for a Service that had pods behind it: what led to them would go on getting questions, for
// the controllers leave the endpoints of a Service without a selector alone.
func RemoveOtherEndpoints(ctx context.Context, client kubernetes.Interface, o Options) error {
	if err := ensureService(ctx, client, service(o)); err != nil {
		return err
	}
	err := client.CoreV1().Endpoints(config.DNSNamespace).Delete(ctx, serviceName, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	slices := client.DiscoveryV1().EndpointSlices(config.DNSNamespace)
	present, err := slices.List(ctx, metav1.ListOptions{LabelSelector: discoveryv1.LabelServiceName + "=" + serviceName})
	if err != nil {
		return err
	}
	for _, each := range present.Items {
		if each.Name == serviceName {
			continue
		}
		if err := slices.Delete(ctx, each.Name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// withLabels keeps what people have added. Pure.
func withLabels(present, wanted map[string]string) map[string]string {
	all := maps.Clone(present)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, wanted)
	return all
}
