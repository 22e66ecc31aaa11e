package components

import (
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
	"kubesolo-os/engine/ports"
)

func TestHostPortRefusals(t *testing.T) {
	const without, cannot = "; the pod runs without it", "; on the node's network it can't listen"
	tests := []struct {
		name    string
		address string
		number  int32
		kind    cri.Protocol
		network cri.NamespaceMode
		want    string
	}{
		{"no host port", "", 0, cri.Protocol_TCP, cri.NamespaceMode_POD, ""},
		{"the API's", "", 6443, cri.Protocol_TCP, cri.NamespaceMode_POD, "port 6443/TCP of the node belongs to the API server" + without},
		{"the kubelet's, at one address", "192.0.2.1", 10250, cri.Protocol_TCP, cri.NamespaceMode_POD, "port 10250/TCP of the node belongs to the kubelet" + without},
		{"another protocol", "", 6443, cri.Protocol_UDP, cri.NamespaceMode_POD, ""},
		{"DNS for the network", "", 53, cri.Protocol_UDP, cri.NamespaceMode_POD, ""},
		{"DNS where cluster DNS is", "10.42.0.1", 53, cri.Protocol_UDP, cri.NamespaceMode_POD, "port 53/UDP of the node belongs to cluster DNS" + without},
		{"the metrics' number elsewhere", "", 9105, cri.Protocol_TCP, cri.NamespaceMode_POD, ""},
		{"kube-proxy's health", "127.0.0.1", 10256, cri.Protocol_TCP, cri.NamespaceMode_POD, "port 10256/TCP of the node belongs to kube-proxy's health" + without},
		{"the API's, on the node's network", "", 6443, cri.Protocol_TCP, cri.NamespaceMode_NODE, "port 6443/TCP of the node belongs to the API server" + cannot},
		{"kube-proxy's, on the node's network", "", 10249, cri.Protocol_TCP, cri.NamespaceMode_NODE, "port 10249/TCP of the node belongs to kube-proxy's metrics" + cannot},
		{"DNS on the node's network", "", 53, cri.Protocol_TCP, cri.NamespaceMode_NODE, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			configuration := &cri.PodSandboxConfig{
				PortMappings: []*cri.PortMapping{{Protocol: test.kind, HostIp: test.address, HostPort: test.number, ContainerPort: 80}},
				Linux: &cri.LinuxPodSandboxConfig{SecurityContext: &cri.LinuxSandboxSecurityContext{
					NamespaceOptions: &cri.NamespaceOption{Network: test.network},
				}},
			}
			got := strings.Join(hostPortRefusals(ports.Of(configtest.With(config.Config{})), configuration), "\n")
			if (test.want == "") != (got == "") || !strings.HasPrefix(got, test.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// The kernel itself is asked in test/sandbox.
func TestNftUnderstandsTheConditionsOfHostPorts(t *testing.T) {
	conditions := hostPortConditions(ports.Of(configtest.With(config.Config{})), ipv4)
	want := []string{
		"meta l4proto . th dport != { tcp . 6443, tcp . 10250 }",
		"ip daddr . meta l4proto . th dport != { 127.0.0.1 . tcp . 10249, 127.0.0.1 . tcp . 10256, 10.43.0.1 . tcp . 443, " +
			"10.42.0.1 . udp . 53, 10.43.0.10 . udp . 53, 10.42.0.1 . udp . 20053, 10.42.0.1 . tcp . 53, 10.43.0.10 . tcp . 53, 10.42.0.1 . tcp . 20053 }",
	}
	if got := strings.Join(conditions, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got %s", got)
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Fatal("this host has no nft")
	}
	checkRules(t, "table ip t {\nchain a {\n"+strings.Join(conditions, " ")+" drop\n}\n}\n")
}

func TestNftUnderstandsTheRulesForIPv6(t *testing.T) {
	c := configtest.DualStack(config.Config{Metrics: true, MetricsAddress: netip.MustParseAddrPort("[::1]:9105")})
	conditions := strings.Join(hostPortConditions(ports.Of(c), ipv6), " ")
	if want := "meta l4proto . th dport != { tcp . 6443, tcp . 10250 } ip6 daddr . meta l4proto . th dport != { ::1 . tcp . 9105 }"; conditions != want {
		t.Errorf("got %s", conditions)
	}
	checkRules(t, "table ip6 t {\nchain a {\n"+conditions+" drop\n}\n}\n")
	checkRules(t, masqueradeRules(c, ipv6))
}

func checkRules(t *testing.T, script string) {
	t.Helper()
	command := exec.Command("unshare", "--user", "--map-root-user", "--net", "nft", "--check", "--file", "-")
	command.Stdin = strings.NewReader(script)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
}
