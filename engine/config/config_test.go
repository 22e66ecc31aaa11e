package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var machine = Machine{Hostname: "Host-1", CPUs: 4}

func resolve(t *testing.T, args []string, file string, environment ...string) Resolved {
	t.Helper()
	resolved, err := Resolve(ParseArguments(args), File{Name: "c.yaml", Content: []byte(file)}, environment, machine)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

func TestResolve(t *testing.T) {
	tests := []struct {
		name        string
		args        []string
		file        string
		environment []string
		check       func(Config) bool
	}{
		{"defaults", nil, "", nil, func(c Config) bool {
			return c.Path == DefaultPath && c.Library == DefaultLibrary && c.NodeName == "" && c.Hostname == "host-1" && !c.NodeIP.IsValid() &&
				c.StartupTimeout == 10*time.Minute && c.LoadBalancer && c.LocalStorage && c.Metrics && c.MetricsAddress.String() == "127.0.0.1:9105"
		}},
		{"the file beats defaults", nil, "path: /f\nnetwork:\n  mtu: 1400\n", nil,
			func(c Config) bool { return c.Path == "/f" && c.MTU == 1400 }},
		{"the environment beats the file", nil, "path: /f\n", []string{"KUBESOLO_PATH=/e", "KUBESOLO_DEBUG=true"},
			func(c Config) bool { return c.Path == "/e" && c.Debug }},
		{"flags beat the environment", []string{"--path=/a", "--no-debug"}, "", []string{"KUBESOLO_PATH=/e", "KUBESOLO_DEBUG=true"},
			func(c Config) bool { return c.Path == "/a" && !c.Debug }},
		{"an empty value is the default, whatever is below", []string{"--path="}, "path: /f\nnetwork: {mtu: 1400}", []string{"KUBESOLO_MTU="},
			func(c Config) bool { return c.Path == DefaultPath && c.MTU == 0 }},
		{"a null in the file is the default", nil, "network:\n  mtu: null\n  nodeIP:\nportainer:\n", nil,
			func(c Config) bool { return c.MTU == 0 && !c.NodeIP.IsValid() }},
		{"flag lists replace lists below", []string{"--apiserver-extra-sans=b"}, "kubernetes: {apiServer: {extraSANs: [c, d]}}",
			[]string{"KUBESOLO_APISERVER_EXTRA_SANS=a"}, func(c Config) bool { return len(c.ExtraSANs) == 1 && c.ExtraSANs[0] == "b" }},
		{"a flag list may come in parts", []string{"--apiserver-extra-sans", "a, b", "--apiserver-extra-sans=*.example.com,fd00::1"}, "", nil,
			func(c Config) bool { return len(c.ExtraSANs) == 4 && c.ExtraSANs[1] == "b" }},
		{"a list in the file", nil, "kubernetes:\n  apiServer:\n    extraSANs:\n    - a\n    - 10.0.0.7\n", nil,
			func(c Config) bool { return len(c.ExtraSANs) == 2 }},
		{"pairs in the file", nil, "kubernetes: {kubelet: {systemReserved: {cpu: 0.5, memory: 200Mi}}}", nil,
			func(c Config) bool { return c.SystemReserved["cpu"] == "0.5" && c.SystemReserved["memory"] == "200Mi" }},
		{"pairs as a flag", []string{"--system-reserved", "cpu=1,pid=100"}, "", nil,
			func(c Config) bool { return c.SystemReserved["cpu"] == "1" && len(c.SystemReserved) == 2 }},
		{"lists in the file", nil, "dns: {stubZones: {Corp.example.: [10.0.0.53, '10.0.0.54:5353'], lab.example: fd00::53}, hosts: {a.example: ['::', 10.0.0.1]}}", nil,
			func(c Config) bool {
				return fmt.Sprint(c.StubZones) == "map[corp.example:[10.0.0.53:53 10.0.0.54:5353] lab.example:[[fd00::53]:53]]" &&
					fmt.Sprint(c.Hosts) == "map[a.example:[:: 10.0.0.1]]"
			}},
		{"lists as flags", []string{"--dns-hosts=a.example=::+10.0.0.1", "--dns-hosts", "b.example=10.0.0.2"}, "dns: {hosts: {c.example: 10.0.0.3}}", nil,
			func(c Config) bool { return fmt.Sprint(c.Hosts) == "map[a.example:[:: 10.0.0.1] b.example:[10.0.0.2]]" }},
		{"gates", []string{"--feature-gates=APIResponseCompression=false"}, "", nil,
			func(c Config) bool { return !c.FeatureGates["APIResponseCompression"] && len(c.FeatureGates) == 1 }},
		{"labels of the node", []string{"--node-labels", "a=,node.kubernetes.io/kind=box"}, "kubernetes: {nodeLabels: {site: barn}}", nil,
			func(c Config) bool {
				return len(c.NodeLabels) == 2 && c.NodeLabels["node.kubernetes.io/kind"] == "box"
			}},
		{"a label that looks like a number", nil, "kubernetes: {nodeLabels: {rack: \"007\", topology.kubernetes.io/zone: b}}", nil,
			func(c Config) bool { return c.NodeLabels["rack"] == "007" && len(c.NodeLabels) == 2 }},
		{"the last of equal flags counts", []string{"--mtu=1400", "--mtu", "1300"}, "", nil, func(c Config) bool { return c.MTU == 1300 }},
		{"switches", []string{"--no-load-balancer", "--local-storage=false", "--disable-ipv6", "--no-metrics-server"}, "", nil,
			func(c Config) bool { return !c.LoadBalancer && !c.LocalStorage && c.DisableIPv6 && !c.Metrics }},
		{"seconds with and without a unit", []string{"--startup-timeout=90"}, "", []string{"KUBESOLO_STARTUP_TIMEOUT=5m"},
			func(c Config) bool { return c.StartupTimeout == 90*time.Second }},
		{"names in the environment", nil, "", []string{"KUBESOLO_NODE_NAME=N.a", "KUBESOLO_LIB=/lib/"},
			func(c Config) bool { return c.NodeName == "n.a" && c.Program("runc") == "/lib/bin/runc" }},
		{"a metrics address without a host", []string{"--metrics-bind-address=:9105"}, "", nil,
			func(c Config) bool { return c.MetricsAddress.String() == "0.0.0.0:9105" }},
		{"an image's short name", []string{"--portainer-edge-image=portainer/agent"}, "", nil,
			func(c Config) bool { return c.Portainer.Image == "docker.io/portainer/agent:latest" }},
		{"the static policy reserves a CPU", []string{"--cpu-manager-policy=static"}, "", nil,
			func(c Config) bool { return c.ReservedCPUs == "0" }},
		{"all of the contract's flags", strings.Fields("--apiserver-extra-sans=a --startup-timeout=600 --reserved-cpus=0-1 --system-reserved=cpu=1 " +
			"--debug --metrics-server --metrics-bind-address=127.0.0.1:9105 --disable-ipv6 --load-balancer --load-balancer-ip=10.0.0.9 --mtu=1400 " +
			"--node-ip=10.0.0.9 --path=/p --portainer-edge-id=i --portainer-edge-key=k --portainer-edge-async --portainer-edge-image=i " +
			"--db-wal-repair --local-storage --local-storage-shared-path=/s"), "", nil, func(c Config) bool {
			return c.ReservedCPUs == "0-1" && c.LoadBalancerIP == c.NodeIP && c.Portainer.EdgeKey == "k" && c.Portainer.Async && c.RepairDatabase && c.SharedPath == "/s"
		}},
		{"what only upstream has, as it is there by default", strings.Fields("--full --d2k=false --d2k-namespace=d2k --no-pprof-server --container-runtime-endpoint= --container-mode=False --wasm=0"),
			"kubernetes: {bootstrapToken: '', bootstrapKubeconfig: , kubelet: {external: false}}\nstorage: {etcd: {endpoints: [], caFile: ''}}\nd2k:\nruntime: {containerMode: , endpoint: ''}\n",
			[]string{"KUBESOLO_D2K=false", "KUBESOLO_FULL=true", "KUBESOLO_BOOTSTRAP_TOKEN=", "KUBESOLO_PPROF_SERVER=false"}, func(c Config) bool { return c.Path == DefaultPath }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if c := resolve(t, test.args, test.file, test.environment...).Config; !test.check(c) {
				t.Errorf("unexpected config: %+v", c)
			}
		})
	}
}

func TestActions(t *testing.T) {
	if a := ParseArguments([]string{"-v"}); !a.ShowVersion {
		t.Error("-v shows no version")
	}
	if a := ParseArguments([]string{"--help", "--bogus"}); !a.ShowHelp {
		t.Error("--help shows no help")
	}
	if a := ParseArguments([]string{"--config", "/x", "--print-config", "--show-secrets"}); a.File != "/x" || !a.PrintConfig || !a.ShowSecrets {
		t.Errorf("got %+v", a)
	}
}

// refusal is what is wrong, line by line.
func refusal(t *testing.T, args []string, file string, environment ...string) []string {
	t.Helper()
	_, err := Resolve(ParseArguments(args), File{Name: "c.yaml", Content: []byte(file)}, environment, machine)
	var usage UsageError
	if !errors.As(err, &usage) {
		t.Fatalf("want a usage error, got %v", err)
	}
	return usage.Problems
}

func TestResolveRefuses(t *testing.T) {
	tests := []struct {
		name        string
		args        []string
		file        string
		environment []string
		want        []string // all of these are in the message
	}{
		{"an unknown flag, naming the nearest", []string{"--nod-ip=1.2.3.4"}, "", nil, []string{`"--nod-ip"`, `"--node-ip"`}},
		{"an unknown flag far from all", []string{"--xyzzy"}, "", nil, []string{`"--xyzzy"`, "--help"}},
		{"a negated value", []string{"--no-mtu"}, "", nil, []string{`"--no-mtu"`}},
		{"an unknown command, naming the nearest", []string{"kubeclt"}, "", nil, []string{`"kubeclt"`, `"kubectl"`}},
		{"a flag without its value", []string{"--path"}, "", nil, []string{"--path", DefaultPath}},
		{"a flag where a value should be", []string{"--path", "--debug"}, "", nil, []string{"--path needs a value"}},
		{"--config without its value", []string{"--config"}, "", nil, []string{"--config", DefaultFile}},
		{"a value of the wrong type", []string{"--startup-timeout=soon"}, "", nil, []string{"--startup-timeout", `"soon"`, "10m"}},
		{"a wrong value in the environment", nil, "", []string{"KUBESOLO_DEBUG=maybe"}, []string{"KUBESOLO_DEBUG", `"maybe"`, "true"}},
		{"a timeout too short to start in", []string{"--startup-timeout=1s"}, "", nil, []string{"--startup-timeout", "10 seconds"}},
		{"a number that overflows", []string{"--startup-timeout=99999999999999999999"}, "", nil, []string{"--startup-timeout"}},
		{"a loopback node address", []string{"--node-ip=127.0.0.1"}, "", nil, []string{"--node-ip", "127.0.0.1"}},
		{"an IPv6 node address", []string{"--node-ip=2001:db8::1"}, "", nil, []string{"--node-ip"}},
		{"a node address that is none", []string{"--node-ip=eth0"}, "", nil, []string{"--node-ip", `"eth0"`, "192.168.1.10"}},
		{"a relative path", []string{"--path=state"}, "", nil, []string{"--path", `"state"`}},
		{"a bad subject name among good ones", []string{"--apiserver-extra-sans=ok.example.com,a_b"}, "", nil, []string{"--apiserver-extra-sans", `"a_b"`}},
		{"a bad node name", nil, "", []string{"KUBESOLO_NODE_NAME=Über"}, []string{"KUBESOLO_NODE_NAME"}},
		{"a small MTU", []string{"--mtu=100"}, "", nil, []string{"--mtu", `"100"`, "1400"}},
		{"a port without an address", []string{"--metrics-bind-address=9105"}, "", nil, []string{"127.0.0.1:9105"}},
		{"an unknown resource", []string{"--system-reserved=cpus=1"}, "", nil, []string{`"cpus=1"`, "cpu=500m"}},
		{"a resource twice", []string{"--system-reserved=cpu=1,cpu=2"}, "", nil, []string{`"cpu=2"`}},
		{"a label that no kubelet may set", []string{"--node-labels=a=b,node-role.kubernetes.io/edge="}, "", nil,
			[]string{"--node-labels", `"node-role.kubernetes.io/edge="`, "node.kubernetes.io/kind=box"}},
		{"a label below Kubernetes' other name", nil, "kubernetes:\n  nodeLabels: {x.k8s.io/a: b}", nil, []string{"c.yaml:2: kubernetes.nodeLabels", "x.k8s.io/a"}},
		{"a label with a space", []string{"--node-labels=site=my barn"}, "", nil, []string{`"site=my barn"`, "site=berlin"}},
		{"labels as a list", nil, "kubernetes: {nodeLabels: [a=b]}", nil, []string{"nodeLabels", "a mapping"}},
		{"a CPU that isn't there", []string{"--reserved-cpus=4"}, "", nil, []string{"--reserved-cpus", `"4"`, "4 CPUs"}},
		{"no CPU left", []string{"--reserved-cpus=0-3"}, "", nil, []string{"--reserved-cpus", "one must be left"}},
		{"policy options without the policy", []string{"--cpu-manager-policy-options=full-pcpus-only=true"}, "", nil, []string{"static"}},
		{"a network that is an address", []string{"--pod-cidr=10.42.0.1/16"}, "", nil, []string{"--pod-cidr", `"10.42.0.1/16"`, "172.20.0.0/16"}},
		{"a network without a length", nil, "kubernetes: {podCIDR: 10.42.0.0}", nil, []string{"c.yaml:1: kubernetes.podCIDR", `"10.42.0.0"`}},
		{"an IPv6 network alone", []string{"--pod-cidr=fd42::/56"}, "", nil, []string{"--pod-cidr", `"fd42::/56"`, "172.20.0.0/16,fd20::/56"}},
		{"an IPv6 network first", []string{"--pod-cidr=fd42::/56,10.42.0.0/16"}, "", nil, []string{"--pod-cidr"}},
		{"an IPv6 network that is an address", []string{"--pod-cidr=10.42.0.0/16,fd42::1/56"}, "", nil, []string{"--pod-cidr"}},
		{"an IPv6 network of a link", []string{"--pod-cidr=10.42.0.0/16,fe80::/56"}, "", nil, []string{"--pod-cidr"}},
		{"IPv4 written as IPv6", []string{"--service-cidr=10.43.0.0/16,::ffff:10.0.0.0/112"}, "", nil, []string{"--service-cidr"}},
		{"three networks", []string{"--pod-cidr=10.42.0.0/16,fd42::/56,fd43::/56"}, "", nil, []string{"--pod-cidr"}},
		{"an IPv6 network for too many Services", []string{"--service-cidr=10.43.0.0/16,fd43::/64"}, "", nil, []string{"--service-cidr", "/108"}},
		{"IPv6 for pods only", []string{"--pod-cidr=10.42.0.0/16,fd42::/56"}, "", nil, []string{"kubernetes.podCIDR has an IPv6 network, and kubernetes.serviceCIDR has none"}},
		{"IPv6 for Services only", []string{"--service-cidr=10.43.0.0/16,fd43::/112"}, "", nil, []string{"kubernetes.serviceCIDR has an IPv6 network, and kubernetes.podCIDR has none"}},
		{"one IPv6 network in the other", []string{"--pod-cidr=10.42.0.0/16,fd42::/56", "--service-cidr=10.43.0.0/16,fd42::/112"}, "", nil, []string{"fd42::/56", "fd42::/112", "overlap"}},
		{"a network for too few pods", []string{"--pod-cidr=10.42.0.0/26"}, "", nil, []string{"--pod-cidr", "/25"}},
		{"a network for too many Services", nil, "", []string{"KUBESOLO_SERVICE_CIDR=10.0.0.0/11"}, []string{"KUBESOLO_SERVICE_CIDR", "/12"}},
		{"an IPv6 network", []string{"--service-cidr=fd00::/108"}, "", nil, []string{"--service-cidr"}},
		{"a multicast network", []string{"--pod-cidr=224.0.0.0/16"}, "", nil, []string{"--pod-cidr"}},
		{"one network in the other", []string{"--pod-cidr=10.43.128.0/17"}, "", nil, []string{"10.43.128.0/17", "10.43.0.0/16", "kubernetes.serviceCIDR"}},
		{"half of a pair", []string{"--portainer-edge-id=x"}, "", nil, []string{"--portainer-edge-id", "portainer.edgeKey", "both or neither"}},
		{"half of a CA", nil, "", []string{"KUBESOLO_PKI_CA_KEY=/k"}, []string{"KUBESOLO_PKI_CA_KEY", "pki.caCert"}},
		{"a masked secret", []string{"--portainer-edge-id=x"}, "portainer:\n  edgeKey: '********'\n", nil, []string{"c.yaml:2: portainer.edgeKey", "--print-config"}},
		{"a zone of the cluster's", nil, "dns:\n  stubZones: {shop.cluster.local: [10.0.0.53]}", nil, []string{"c.yaml:2: dns.stubZones", `"shop.cluster.local=10.0.0.53"`, "outside the cluster"}},
		{"a zone of the pods' addresses", []string{"--dns-stub-zones=7.42.10.in-addr.arpa=10.0.0.53"}, "", nil, []string{"--dns-stub-zones", `"7.42.10.in-addr.arpa"`, "10.42.0.0/16"}},
		{"a zone of other pods' addresses", []string{"--dns-stub-zones=21.172.in-addr.arpa=10.0.0.53", "--pod-cidr=172.20.0.0/14"}, "", nil, []string{`"21.172.in-addr.arpa"`}},
		{"a zone of the pods' IPv6 addresses", []string{"--dns-stub-zones=0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa=10.0.0.53", "--pod-cidr=10.42.0.0/16,fd42::/56", "--service-cidr=10.43.0.0/16,fd43::/112"}, "", nil, []string{"--dns-stub-zones", "fd42::/56"}},
		{"a zone of a part of Services' IPv6 addresses", []string{"--dns-stub-zones=7." + strings.Repeat("0.", 24) + "3.4.d.f.ip6.arpa=10.0.0.53", "--pod-cidr=10.42.0.0/16,fd42::/56", "--service-cidr=10.43.0.0/16,fd43::/112"}, "", nil, []string{"--dns-stub-zones", "fd43::/112"}},
		{"a zone that cluster DNS would be asked about", []string{"--dns-stub-zones=corp.example=10.43.0.10:5353+10.42.0.1"}, "", nil,
			[]string{`"corp.example" would be asked of cluster DNS itself (10.43.0.10)`, "(10.42.0.1)"}},
		{"a zone's server that is a name", nil, "dns: {stubZones: {corp.example: ns1.corp.example}}", nil, []string{`"corp.example=ns1.corp.example"`, "10.0.0.53"}},
		{"a zone as a mapping", nil, "dns: {stubZones: {corp.example: {servers: [10.0.0.53]}}}", nil, []string{"a mapping of names to lists"}},
		{"a gate that isn't there", []string{"--feature-gates=APIResponsCompression=true"}, "", nil, []string{"no such feature gate", `"APIResponseCompression"`}},
		{"a gate that is locked", nil, "kubernetes: {featureGates: {ImageVolume: false}}", nil, []string{"c.yaml:1: kubernetes.featureGates", "can only be true"}},
		{"a gate of the engine's", nil, "kubernetes: {featureGates: {APIServerIdentity: true}}", nil, []string{"leave it out"}},
		{"all gates at once", []string{"--feature-gates=AllBeta=true"}, "", nil, []string{"name each"}},
		{"a gate that counts on another", []string{"--feature-gates=PodLevelResources=false"}, "", nil, []string{"PodLevelResourcesFixDefaulting is on, and needs PodLevelResources"}},
		{"a bad value that is overridden", []string{"--mtu=1400"}, "network: {mtu: x}", nil, []string{"c.yaml:1: network.mtu", `"x"`}},

		{"an unknown key, naming the nearest", nil, "a:\nnetwork:\n  mut: 1\n", nil, []string{"c.yaml:1: a: unknown key", "c.yaml:3: network.mut: unknown key", `"network.mtu"`}},
		{"a key in the wrong place", nil, "nodeIP: 10.0.0.1\n", nil, []string{"c.yaml:1", `"network.nodeIP"`}},
		{"a flag's name as a key", nil, "node-ip: 10.0.0.1\n", nil, []string{`"network.nodeIP"`}},
		{"a key in the wrong case", nil, "network:\n  nodeip: 10.0.0.1\n", nil, []string{`"network.nodeIP"`}},
		{"a key twice", nil, "network:\n  mtu: 1400\n  mtu: 1300\n", nil, []string{"c.yaml:3: network.mtu", "twice"}},
		{"a group twice", nil, "network:\n  mtu: 1400\nnetwork:\n  nodeIP: 10.0.0.1\n", nil, []string{"c.yaml:3: network", "twice"}},
		{"a value where keys should be", nil, "network: yes\n", nil, []string{"c.yaml:1: network", "nodeIP, mtu"}},
		{"keys where a value should be", nil, "path:\n  a: b\n", nil, []string{"c.yaml:2: path", "one value"}},
		{"a list where a value should be", nil, "path: [/a]\n", nil, []string{"c.yaml:1: path", "one value"}},
		{"a list of lists", nil, "kubernetes: {apiServer: {extraSANs: [[a]]}}", nil, []string{"extraSANs", "a list"}},
		{"an alias", nil, "path: &a /x\nlogging: *a\n", nil, []string{"c.yaml:2: logging"}},
		{"another document", nil, "path: /x\n---\npath: /y\n", nil, []string{"one document"}},
		{"another version", nil, "apiVersion: kubesolo.io/v2\n", nil, []string{"apiVersion", `"kubesolo.io/v2"`, apiVersion}},
		{"a kubeconfig", nil, "apiVersion: v1\nkind: Config\nclusters: []\n", nil, []string{apiVersion, "clusters: unknown key"}},
		{"a list as a file", nil, "- a\n", nil, []string{"c.yaml:1", "must hold keys", "apiVersion, kind"}},
		{"what is no YAML", nil, "network:\n\tmtu: 1\n", nil, []string{"c.yaml: not YAML", "line 2"}},
		{"a binary file", nil, "\x7fELF\x02\x01\x00\x00", nil, []string{"c.yaml: not YAML"}},
		{"deep nesting", nil, strings.Repeat("[", 20000), nil, []string{"c.yaml: not YAML"}},
		{"what upstream has and this engine hasn't", nil, "d2k: {enabled: true}\n", nil, []string{"c.yaml:1: d2k.enabled", "Docker API"}},
		{"… as a switch", []string{"--d2k"}, "", nil, []string{"--d2k", "Docker API"}},
		{"… as a flag with a value", []string{"--container-runtime-endpoint=/run/x.sock"}, "", nil, []string{"--container-runtime-endpoint", "its own containerd"}},
		{"… that it hasn't any more", []string{"--wasm"}, "", nil, []string{"--wasm", "no WebAssembly"}},
		{"… a list", nil, "storage: {etcd: {endpoints: [https://10.0.0.1:2379]}}\n", nil, []string{"storage.etcd.endpoints", "its own database"}},
		{"… a secret", nil, "kubernetes: {bootstrapToken: abcdef.0123}\n", nil, []string{"c.yaml:1: kubernetes.bootstrapToken: bad value \"" + mask, "joins no other cluster"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			message := strings.Join(refusal(t, test.args, test.file, test.environment...), "\n")
			for _, text := range test.want {
				if !strings.Contains(message, text) {
					t.Errorf("message %q lacks %q", message, text)
				}
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	problems := refusal(t, []string{"--mut=1", "--path=x", "frobnicate"}, "network:\n  mtu: x\nfoo: 1\n", "KUBESOLO_DEBUG=perhaps")
	if len(problems) != 6 {
		t.Errorf("want 6, got %q", problems)
	}
}

func TestASecretIsNotRepeated(t *testing.T) {
	message := refusal(t, []string{"--portainer-edge-id=x", "--portainer-edge-key=my secret"}, "")[0]
	if strings.Contains(message, "my secret") {
		t.Error(message)
	}
}

func TestStrangeVariablesAreOnlyWarnedOf(t *testing.T) {
	warnings := resolve(t, nil, "", "KUBESOLO_NODEIP=1.2.3.4", "HOME=/").Warnings
	if len(warnings) != 1 || !strings.Contains(warnings[0], `"KUBESOLO_NODE_IP"`) {
		t.Errorf("got %q", warnings)
	}
}
