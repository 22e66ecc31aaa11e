package loadbalancer

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
	"kubesolo-os/engine/ports"
)

var testAddress = netip.MustParseAddr("192.0.2.10")

func testNode(listening ...port) node {
	return node{[]netip.Addr{testAddress}, ports.Of(configtest.With(config.Config{})), func(wanted port) string {
		for _, each := range listening {
			if each == wanted {
				return "a program of the node"
			}
		}
		return ""
	}}
}

// testService has TCP port 80; age says which of two is the older one.
func testService(name string, age time.Duration, changes ...func(*corev1.Service)) *corev1.Service {
	service := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: name,
			CreationTimestamp: metav1.Time{Time: time.Unix(1_000_000, 0).Add(-age)},
		},
		Spec: corev1.ServiceSpec{
			Type:  corev1.ServiceTypeLoadBalancer,
			Ports: []corev1.ServicePort{{Protocol: corev1.ProtocolTCP, Port: 80}},
		},
	}
	for _, change := range changes {
		change(service)
	}
	return service
}

func withPorts(ports ...corev1.ServicePort) func(*corev1.Service) {
	return func(service *corev1.Service) { service.Spec.Ports = ports }
}

func answered(address string) func(*corev1.Service) {
	return func(service *corev1.Service) {
		service.Status.LoadBalancer.Ingress = ingress(service, []netip.Addr{netip.MustParseAddr(address)})
	}
}

func TestPlan(t *testing.T) {
	udp80 := corev1.ServicePort{Protocol: corev1.ProtocolUDP, Port: 80}
	tcp := func(number int32) corev1.ServicePort {
		return corev1.ServicePort{Protocol: corev1.ProtocolTCP, Port: number}
	}
	given := "192.0.2.10"
	for name, test := range map[string]struct {
		services []*corev1.Service
		node     node
		want     map[string]string // by Service: its address, or a part of the refusal
	}{
		"one gets the node's address": {
			[]*corev1.Service{testService("a", 0)}, testNode(), map[string]string{"a": given},
		},
		"of two, the older one gets the port": {
			[]*corev1.Service{testService("new", 0), testService("old", time.Hour)}, testNode(),
			map[string]string{"old": given, "new": "belongs to the Service shop/old"},
		},
		"of two of the same age, the first by name": {
			[]*corev1.Service{testService("b", 0), testService("a", 0)}, testNode(),
			map[string]string{"a": given, "b": "belongs to the Service shop/a"},
		},
		"who has the port keeps it from an older one that wants it now": {
			[]*corev1.Service{testService("old", time.Hour), testService("new", 0, answered(given))}, testNode(),
			map[string]string{"new": given, "old": "belongs to the Service shop/new"},
		},
		"who adds a port loses what another needs": {
			[]*corev1.Service{
				testService("old", time.Hour, answered(given), withPorts(tcp(80), tcp(81))),
				testService("new", 0, withPorts(tcp(81)), answered(given)),
			},
			testNode(), map[string]string{"new": given, "old": "port 81/TCP of the node belongs to the Service shop/new"},
		},
		"a refused one takes no port": {
			[]*corev1.Service{
				testService("a", 3*time.Hour, withPorts(tcp(443))),
				testService("b", 2*time.Hour, withPorts(tcp(80), tcp(443))),
				testService("c", time.Hour),
			},
			testNode(), map[string]string{"a": given, "b": "443/TCP", "c": given},
		},
		"protocols don't clash": {
			[]*corev1.Service{testService("a", 0), testService("b", 0, withPorts(udp80))}, testNode(),
			map[string]string{"a": given, "b": given},
		},
		"the API server's port": {
			[]*corev1.Service{testService("a", 0, withPorts(tcp(6443)))}, testNode(), map[string]string{"a": "the API server"},
		},
		"the kubelet's port, even if it has it": {
			[]*corev1.Service{testService("a", 0, withPorts(tcp(10250)), answered(given))}, testNode(), map[string]string{"a": "the kubelet"},
		},
		"a port that a program listens on": {
			[]*corev1.Service{testService("a", 0)}, testNode(port{corev1.ProtocolTCP, 80}), map[string]string{"a": "a program of the node listens on port 80/TCP"},
		},
		"a program that came later": {
			[]*corev1.Service{testService("a", 0, answered(given))}, testNode(port{corev1.ProtocolTCP, 80}), map[string]string{"a": given},
		},
		"another's node port": {
			[]*corev1.Service{
				testService("a", 0, withPorts(tcp(30080))),
				testService("web", 0, func(s *corev1.Service) {
					s.Spec.Type = corev1.ServiceTypeNodePort
					s.Spec.Ports[0].NodePort = 30080
				}),
			},
			testNode(), map[string]string{"a": "is the node port of the Service shop/web"},
		},
		"its own node port": {
			[]*corev1.Service{testService("a", 0, withPorts(corev1.ServicePort{Protocol: corev1.ProtocolTCP, Port: 30080, NodePort: 30080}))},
			testNode(), map[string]string{"a": given},
		},
		"the address has changed": {
			[]*corev1.Service{testService("a", 0, answered("198.51.100.1"))}, testNode(), map[string]string{"a": given},
		},
		"at each of the node's addresses": {
			[]*corev1.Service{testService("a", 0)},
			node{[]netip.Addr{testAddress, netip.MustParseAddr("198.51.100.7")}, nil, testNode().listener},
			map[string]string{"a": given + " 198.51.100.7"},
		},
		"one of them is cluster DNS's": {
			[]*corev1.Service{testService("a", 0, withPorts(tcp(53)))},
			node{[]netip.Addr{testAddress, netip.MustParseAddr("10.42.0.1")}, testNode().engine, testNode().listener},
			map[string]string{"a": "belongs to cluster DNS"},
		},
		"hands off": {
			[]*corev1.Service{
				testService("class", 0, func(s *corev1.Service) { s.Spec.LoadBalancerClass = ptr.To("example.com/lb") }),
				testService("type", 0, func(s *corev1.Service) { s.Spec.Type = corev1.ServiceTypeClusterIP }),
				testService("ending", 0, func(s *corev1.Service) { s.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)} }),
			},
			testNode(), map[string]string{},
		},
		"no load balancer: what was given is taken back": {
			[]*corev1.Service{
				testService("given", 0, answered(given)),
				testService("never", 0),
				testService("others", 0, func(s *corev1.Service) {
					s.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: given}}
				}),
			},
			node{}, map[string]string{"given": ""},
		},
	} {
		decisions := plan(test.services, test.node)
		if len(decisions) != len(test.want) {
			t.Errorf("%s: got %d decisions", name, len(decisions))
		}
		for _, d := range decisions {
			got := d.refusal
			if len(d.ingress) > 0 {
				got = shown(d.ingress)
			}
			if want, found := test.want[d.service.Name]; !found || !strings.Contains(got, want) || (want == "") != (got == "") {
				t.Errorf("%s: %s: got %q, want %q", name, d.service.Name, got, want)
			}
		}
	}
}

func shown(ingress []corev1.LoadBalancerIngress) string {
	var addresses []string
	for _, each := range ingress {
		addresses = append(addresses, each.IP)
	}
	return strings.Join(addresses, " ")
}

func TestAPlanIsDoneOnce(t *testing.T) {
	fresh := plan([]*corev1.Service{testService("a", 0)}, testNode())[0]
	if fresh.isDone() {
		t.Error("done before it is written")
	}
	again := plan([]*corev1.Service{testService("a", 0, answered("192.0.2.10"))}, testNode())[0]
	if !again.isDone() {
		t.Error("it would be written again and again")
	}
	refused := plan([]*corev1.Service{testService("a", 0)}, testNode(port{corev1.ProtocolTCP, 80}))[0]
	if !refused.isDone() || !refused.mayPass {
		t.Errorf("got %+v", refused)
	}
}

func TestAServiceThatCannotBeHandledKeepsNoOtherFromItsAddress(t *testing.T) {
	node := testNode()
	node.listener = func(wanted port) string {
		if wanted.number == 81 {
			panic("cannot bear it")
		}
		return ""
	}
	odd := testService("odd", time.Hour, withPorts(corev1.ServicePort{Protocol: corev1.ProtocolTCP, Port: 81}))
	decisions := plan([]*corev1.Service{odd, testService("plain", 0)}, node)
	if len(decisions) != 2 || !strings.Contains(decisions[0].refusal, "cannot bear it") || len(decisions[1].ingress) != 1 {
		t.Errorf("got %+v", decisions)
	}
}

func TestServicesGetAddressesOfTheirFamilies(t *testing.T) {
	second := netip.MustParseAddr("2001:db8::10")
	of := func(families ...corev1.IPFamily) func(*corev1.Service) {
		return func(service *corev1.Service) { service.Spec.IPFamilies = families }
	}
	for _, test := range []struct {
		name     string
		families []corev1.IPFamily
		all      []netip.Addr
		want     string
	}{
		{"IPv4 of both", []corev1.IPFamily{corev1.IPv4Protocol}, []netip.Addr{testAddress, second}, "192.0.2.10"},
		{"IPv6 of both", []corev1.IPFamily{corev1.IPv6Protocol}, []netip.Addr{testAddress, second}, "2001:db8::10"},
		{"both", []corev1.IPFamily{corev1.IPv6Protocol, corev1.IPv4Protocol}, []netip.Addr{testAddress, second}, "192.0.2.10 2001:db8::10"},
		{"both, where there is one", []corev1.IPFamily{corev1.IPv4Protocol, corev1.IPv6Protocol}, []netip.Addr{testAddress}, "192.0.2.10"},
		{"IPv6, where there is none", []corev1.IPFamily{corev1.IPv6Protocol}, []netip.Addr{testAddress}, "the node has no address of the Service's family, IPv6"},
	} {
		node := testNode()
		node.addresses = test.all
		decision := plan([]*corev1.Service{testService("web", 0, of(test.families...))}, node)[0]
		var got []string
		for _, each := range decision.ingress {
			got = append(got, each.IP)
		}
		if text := strings.Join(got, " ") + decision.refusal; !strings.HasPrefix(text, test.want) {
			t.Errorf("%s: %s", test.name, text)
		}
	}
}
