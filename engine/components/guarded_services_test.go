package components

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
	"kubesolo-os/engine/ports"
)

func TestServicesLeaveTheEngineItsPorts(t *testing.T) {
	const tcp, udp = corev1.ProtocolTCP, corev1.ProtocolUDP
	port := func(protocol corev1.Protocol, number, nodePort int32) corev1.ServicePort {
		return corev1.ServicePort{Protocol: protocol, Port: number, NodePort: nodePort}
	}
	tests := []struct {
		name     string
		external []string
		ingress  []string
		ports    []corev1.ServicePort
		left     string // addresses and node ports
		why      string
	}{
		{"an ordinary Service", nil, nil, []corev1.ServicePort{port(tcp, 6443, 0)}, "[] []", ""},
		{"the node's address", []string{"192.0.2.1", "192.0.2.99"}, nil, []corev1.ServicePort{port(tcp, 6443, 0)}, "[192.0.2.99] []",
			"port 6443/TCP at 192.0.2.1 belongs to the API server: choose another port, or give the Service no such externalIP"},
		{"its second port", []string{"192.0.2.1"}, nil, []corev1.ServicePort{port(tcp, 80, 0), port(tcp, 10250, 0)}, "[] []",
			"port 10250/TCP at 192.0.2.1 belongs to the kubelet: choose another port, or give the Service no such externalIP"},
		{"another protocol", []string{"192.0.2.1"}, nil, []corev1.ServicePort{port(udp, 6443, 0)}, "[192.0.2.1] []", ""},
		{"an address elsewhere", []string{"192.0.2.99"}, nil, []corev1.ServicePort{port(tcp, 6443, 0)}, "[192.0.2.99] []", ""},
		{"DNS for the network", []string{"192.0.2.1"}, []string{"192.0.2.1"}, []corev1.ServicePort{port(udp, 53, 0), port(tcp, 53, 0)}, "[192.0.2.1 192.0.2.1] []", ""},
		{"cluster DNS' Service", []string{"10.43.0.10"}, nil, []corev1.ServicePort{port(udp, 53, 0)}, "[] []",
			"port 53/UDP at 10.43.0.10 belongs to cluster DNS: choose another port, or give the Service no such externalIP"},
		{"cluster DNS on the node", nil, []string{"10.42.0.1"}, []corev1.ServicePort{port(tcp, 53, 0)}, "[] []", "port 53/TCP at 10.42.0.1 belongs to cluster DNS: choose another port"},
		{"the API's Service", []string{"10.43.0.1"}, nil, []corev1.ServicePort{port(tcp, 443, 0)}, "[] []",
			"port 443/TCP at 10.43.0.1 belongs to the API server: choose another port, or give the Service no such externalIP"},
		{"the engine's own way to its API", nil, []string{"127.0.0.1", ""}, []corev1.ServicePort{port(tcp, 6443, 0)}, "[] []", "port 6443/TCP at 127.0.0.1 belongs to the API server: choose another port"},
		{"a node port", nil, nil, []corev1.ServicePort{port(tcp, 80, 30105), port(tcp, 81, 30106)}, "[] [30106]", "node port 30105/TCP belongs to the engine's metrics: choose another"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			service := &corev1.Service{Spec: corev1.ServiceSpec{ExternalIPs: test.external, Ports: test.ports}}
			for _, ip := range test.ingress {
				service.Status.LoadBalancer.Ingress = append(service.Status.LoadBalancer.Ingress, corev1.LoadBalancerIngress{IP: ip})
			}
			before := service.DeepCopy()
			c := configtest.With(config.Config{Metrics: true, MetricsAddress: netip.MustParseAddrPort("0.0.0.0:30105")})
			guard := &serviceGuard{ports: ports.Of(c), isOfNode: func(a netip.Addr) bool { return a.IsLoopback() || a == netip.MustParseAddr("192.0.2.1") }}
			left, why := guard.leave(service)
			if got := shown(left); got != test.left || why != test.why {
				t.Errorf("left %s because %q", got, why)
			}
			if !slices.Equal(before.Spec.ExternalIPs, service.Spec.ExternalIPs) || len(before.Status.LoadBalancer.Ingress) != len(service.Status.LoadBalancer.Ingress) {
				t.Error("the Service itself was changed, which is in a cache")
			}
		})
	}
}

func shown(service *corev1.Service) string {
	addresses := slices.Clone(service.Spec.ExternalIPs)
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		if ingress.IP != "" {
			addresses = append(addresses, ingress.IP)
		}
	}
	var nodePorts []int32
	for _, port := range service.Spec.Ports {
		if port.NodePort != 0 {
			nodePorts = append(nodePorts, port.NodePort)
		}
	}
	return fmt.Sprintf("%v %v", addresses, nodePorts)
}

func TestARefusalIsToldOnce(t *testing.T) {
	var told []string
	guard := &serviceGuard{ports: ports.Of(configtest.With(config.Config{})), isOfNode: func(netip.Addr) bool { return true },
		tell: func(_ *corev1.Service, why string) { told = append(told, why) }}
	service := &corev1.Service{Spec: corev1.ServiceSpec{ExternalIPs: []string{"192.0.2.1"}, Ports: []corev1.ServicePort{{Protocol: "TCP", Port: 6443}}}}
	for range 3 {
		guard.check(service)
	}
	service.Spec.Ports[0].Port = 10250
	guard.check(service)
	if len(told) != 2 {
		t.Errorf("told %q", told)
	}
}

func TestClientsKeepTheirAddress(t *testing.T) {
	const cluster, local = corev1.ServiceExternalTrafficPolicyCluster, corev1.ServiceExternalTrafficPolicyLocal
	selector := map[string]string{"app": "web"}
	tests := []struct {
		name string
		spec corev1.ServiceSpec
		want corev1.ServiceSpec
	}{
		{"node ports", corev1.ServiceSpec{Type: "NodePort", Selector: selector, ExternalTrafficPolicy: cluster},
			corev1.ServiceSpec{Type: "NodePort", Selector: selector, ExternalTrafficPolicy: local}},
		{"a load balancer's", corev1.ServiceSpec{Type: "LoadBalancer", Selector: selector, ExternalTrafficPolicy: cluster},
			corev1.ServiceSpec{Type: "NodePort", Selector: selector, ExternalTrafficPolicy: local}},
		{"external addresses", corev1.ServiceSpec{Type: "ClusterIP", Selector: selector, ExternalTrafficPolicy: cluster, ExternalIPs: []string{"192.0.2.1"}},
			corev1.ServiceSpec{Type: "ClusterIP", Selector: selector, ExternalTrafficPolicy: local, ExternalIPs: []string{"192.0.2.1"}}},
		{"one that says so itself", corev1.ServiceSpec{Type: "LoadBalancer", Selector: selector, ExternalTrafficPolicy: local, HealthCheckNodePort: 30000},
			corev1.ServiceSpec{Type: "LoadBalancer", Selector: selector, ExternalTrafficPolicy: local, HealthCheckNodePort: 30000}},
		{"endpoints by hand", corev1.ServiceSpec{Type: "NodePort", ExternalTrafficPolicy: cluster}, corev1.ServiceSpec{Type: "NodePort", ExternalTrafficPolicy: cluster}},
		{"inside only", corev1.ServiceSpec{Type: "ClusterIP", Selector: selector}, corev1.ServiceSpec{Type: "ClusterIP", Selector: selector}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			service := &corev1.Service{Spec: test.spec}
			before := service.DeepCopy()
			if got := keepClients(service).Spec; !equality.Semantic.DeepEqual(got, test.want) {
				t.Errorf("got %+v", got)
			}
			if !equality.Semantic.DeepEqual(before, service) {
				t.Error("the Service itself was changed, which is in a cache")
			}
		})
	}
}
