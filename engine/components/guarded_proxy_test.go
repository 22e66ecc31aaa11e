package components

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	kubeproxy "k8s.io/kubernetes/pkg/proxy"

	"kubesolo-os/engine/nftables"
)

func TestWhatSomebodyTakesFromKubeProxy(t *testing.T) {
	tests := []struct {
		name   string
		idle   time.Duration
		change nftables.Change
		want   bool
	}{
		{"the table", 0, nftables.Change{Gone: true}, true},
		{"rules that are for all Services", 0, nftables.Change{Net: map[string]int{"nat-prerouting": -1}}, true},
		{"such rules, replaced", time.Hour, nftables.Change{Net: map[string]int{"nat-prerouting": 0, "services": 0}}, false},
		{"a Service's rules while Services change", time.Second, nftables.Change{Net: map[string]int{"service-ABC-default/web/tcp/": -2, "service-ips": -1}}, false},
		{"a Service's rules out of the blue", time.Hour, nftables.Change{Net: map[string]int{"service-ABC-default/web/tcp/": -2}}, true},
		{"addresses of Services out of the blue", time.Hour, nftables.Change{Net: map[string]int{"service-ips": -9}}, true},
		{"a client that was long away", time.Hour, nftables.Change{Net: map[string]int{"affinity-ABC-default/web/tcp/__10.42.0.2/80": -1}}, false},
		{"more rules", time.Hour, nftables.Change{Net: map[string]int{"services": 1}}, false},
	}
	for _, test := range tests {
		proxier := &guardedProxier{}
		proxier.activity.last.Store(time.Now().Add(-test.idle).UnixNano())
		if got := proxier.isDisturbed(test.change); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

func TestHostPortsThatHold(t *testing.T) {
	const listing = "chain hostports {\n tcp dport 80 dnat to 10.42.0.2:80 comment \"abc\"\n}\nchain masquerading {\n masquerade comment \"abc\"\n}\n" +
		"chain hostports_all {\n\tjump hostip_hostports\n\tjump hostports\n}\nchain prerouting {\n fib daddr type local jump hostports_all\n}\nchain output {\n fib daddr type local jump hostports_all\n}\n"
	for name, test := range map[string]struct {
		listing   string
		container string
		want      bool
	}{
		"all there":         {listing, "abc", true},
		"no pod's rules":    {listing, "def", false},
		"no way there":      {listing[:len(listing)-30], "abc", false},
		"nothing but a pod": {listing[:110], "abc", false},
	} {
		got := leadsToHostPorts(test.listing) && hasHostPorts(test.listing, []attachment{{ContainerID: test.container}})
		if got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestOfWhichFamiliesAPodHasHostPorts(t *testing.T) {
	const two, one = `{"ips": [{"address": "10.42.0.2/24"}, {"address": "fd42::2/64"}]}`, `{"ips": [{"address": "10.42.0.2/24"}]}`
	for name, test := range map[string]struct{ result, mappings, want string }{
		"two addresses":                       {two, `[{"hostPort": 80}]`, "ip ip6"},
		"made before there was IPv6":          {one, `[{"hostPort": 80}]`, "ip"},
		"a port of one address only":          {two, `[{"hostPort": 80, "hostIP": "192.0.2.1"}]`, "ip"},
		"two ports, each of one":              {two, `[{"hostPort": 80, "hostIP": "192.0.2.1"}, {"hostPort": 81, "hostIP": "fd00::1"}]`, "ip ip6"},
		"a port of an address that it hasn't": {one, `[{"hostPort": 80, "hostIP": "fd00::1"}]`, ""},
	} {
		pod := attachment{Result: []byte(test.result), CapabilityArgs: map[string]json.RawMessage{"portMappings": []byte(test.mappings)}}
		var got []string
		for _, f := range []family{ipv4, ipv6} {
			if pod.has(f) {
				got = append(got, f.rules)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// fragileProxier can't bear one object; it has nothing else.
type fragileProxier struct {
	kubeproxy.Provider
	taken []string
}

func (p *fragileProxier) OnServiceAdd(service *corev1.Service) {
	if service.Name == "odd" {
		panic("cannot bear it")
	}
	p.taken = append(p.taken, service.Name)
}

func TestAServiceThatCannotBeTakenInKeepsNoOtherFromIt(t *testing.T) {
	below := &fragileProxier{}
	proxier := &guardedProxier{}
	proxier.use(below, &serviceGuard{})
	for _, name := range []string{"odd", "plain"} {
		proxier.OnServiceAdd(&corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID(name)}})
	}
	if !slices.Equal(below.taken, []string{"plain"}) {
		t.Errorf("got %v", below.taken)
	}
}
