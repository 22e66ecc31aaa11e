package policy

import (
	"net/netip"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

const (
	testNetwork6 = "fd42::/64"
	outside6     = "fd77::2"
	// testServices6 do what kube-proxy and the engine's masquerade do.
	testServices6 = `
table ip6 test-services {
	chain services {
		ip6 daddr fd43::1 tcp dport 80 dnat to [fd42::11]:8080
		ip6 daddr fd43::2 tcp dport 80 dnat to [fd42::12]:9090
		ip6 daddr fd77::1 tcp dport 30080 dnat to [fd42::11]:8080
	}
	chain prerouting {
		type nat hook prerouting priority dstnat
		jump services
	}
	chain output {
		type nat hook output priority -100
		jump services
	}
	chain postrouting {
		type nat hook postrouting priority srcnat
		ip6 saddr fd42::11 ip6 daddr fd42::11 masquerade
		ip6 saddr fd42::/64 ip6 daddr != { fd42::/64, fe80::/10, ff00::/8 } masquerade
	}
}`
)

// addIPv6 gives everybody a second address.
func (n *network) addIPv6(t *testing.T) {
	write(t, "/proc/sys/net/ipv6/conf/all/forwarding", "1")
	run(t, "ip addr add fd42::1/64 dev cni0 nodad")
	run(t, "ip addr add fd77::1/64 dev veth-outside nodad")
	run(t, "ip route add default via "+outside6)
	for _, pod := range testPods {
		own := testAddress6(pod)
		n.inside(t, pod.Name, "ip addr add "+own.Address+"/64 dev eth0 nodad")
		n.inside(t, pod.Name, "ip route add default via fd42::1")
		n.pods = append(n.pods, own)
	}
	n.inside(t, "outside", "ip addr add "+outside6+"/64 dev eth0 nodad")
	n.inside(t, "outside", "ip route add default via fd77::1")
	if err := Apply(t.Context(), testServices6); err != nil {
		t.Fatal(err)
	}
	n.network6 = netip.MustParsePrefix(testNetwork6)
}

// testAddress6: 10.42.0.11 is fd42::11, too.
func testAddress6(pod Pod) Pod {
	pod.Address = "fd42::" + pod.Address[strings.LastIndex(pod.Address, ".")+1:]
	return pod
}

// forgetNeighbours: they have to be found with the rules in force.
func (n *network) forgetNeighbours(t *testing.T) {
	run(t, "ip -6 neigh flush dev cni0")
	for _, pod := range testPods {
		n.inside(t, pod.Name, "ip -6 neigh flush dev eth0")
	}
}

func checkDualStack(t *testing.T, n *network) {
	n.addIPv6(t)
	for _, test := range dualStackTests {
		t.Run(test.name, func(t *testing.T) {
			n.enforce(t, test.policies)
			n.forgetNeighbours(t)
			var all sync.WaitGroup
			for _, line := range strings.Split(strings.TrimSpace(test.connections), "\n") {
				all.Go(func() { n.check(t, line) })
			}
			all.Wait()
		})
	}
	t.Run("addresses of the link are no way around, either", func(t *testing.T) { checkIPv6(t, n) })
	t.Run("a pod that takes another address gets nowhere", func(t *testing.T) {
		n.enforce(t, denyAll)
		n.inside(t, "client", "ip addr add fd99::10/64 dev eth0 nodad")
		n.inside(t, "api", "ip addr add fd99::12/64 dev eth0 nodad")
		n.check(t, "client → api tcp [fd99::12]:9090 no")
	})
}

// dualStackTests are as packetTests, and go through both families.
var dualStackTests = []struct{ name, policies, connections string }{
	{
		name: "everything is allowed without policies",
		connections: `
			client → web     tcp [fd42::11]:8080   yes
			client → web     tcp 10.42.0.11:8080   yes
			client → web     udp [fd42::11]:5353   yes
			client → service tcp [fd43::1]:80      yes
			web    → itself  tcp [fd43::1]:80      yes
			client → node    tcp [fd77::1]:6443    yes
			client → node    tcp [fd42::1]:6443    yes
			client → outside tcp [fd77::2]:80      yes
			outside → web    tcp [fd42::11]:8080   yes
			outside → port   tcp [fd77::1]:30080   yes`,
	},
	{
		name:     "a denied namespace is reached by the node and itself only",
		policies: denyAll,
		connections: `
			client → web     tcp [fd42::11]:8080   no
			client → web     tcp 10.42.0.11:8080   no
			client → web     udp [fd42::11]:5353   no
			client → service tcp [fd43::1]:80      no
			client → api     tcp [fd42::12]:9090   no
			api    → client  tcp [fd42::10]:8080   no
			api    → service tcp [fd43::1]:80      no
			api    → outside tcp [fd77::2]:80      yes
			client → node    tcp [fd77::1]:6443    no
			client → node    tcp [fd42::1]:6443    no
			client → outside tcp [fd77::2]:80      no
			outside → web    tcp [fd42::11]:8080   no
			outside → port   tcp [fd77::1]:30080   no
			web    → itself  tcp [fd42::11]:8080   yes
			web    → itself  tcp [fd43::1]:80      yes
			node   → web     tcp [fd42::11]:8080   yes
			node   → service tcp [fd43::1]:80      yes`,
	},
	{
		name: "pods by labels, a port by name, of both families",
		policies: denyAll + `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: a}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: web}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: client, namespace: a}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: blue}}}], ports: [{port: web}]}]
`,
		connections: `
			client → web     tcp [fd42::11]:8080   yes
			client → web     tcp 10.42.0.11:8080   yes
			client → service tcp [fd43::1]:80      yes
			client → other   tcp [fd42::11]:8181   no
			client → api     tcp [fd42::12]:9090   yes
			client → other   tcp [fd42::12]:9091   no
			api    → web     tcp [fd42::11]:8080   no
			outside → web    tcp [fd42::11]:8080   no`,
	},
	{
		name: "blocks of addresses count for their family",
		policies: denyAll + `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: client, namespace: a}
spec:
  podSelector: {matchLabels: {app: client}}
  ingress: [{from: [{ipBlock: {cidr: "fd77::/64"}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: blocks, namespace: a}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: "fd77::/64", except: ["fd77::2/128"]}}, {ipBlock: {cidr: 192.168.77.0/24}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: a}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: "::/0"}}], ports: [{port: 80}]}]
`,
		connections: `
			outside → web    tcp [fd42::11]:8080   no
			outside → client tcp [fd42::10]:8080   yes
			outside → client tcp 10.42.0.10:8080   no
			outside → web    tcp 10.42.0.11:8080   yes
			client → outside tcp [fd77::2]:80      yes
			client → outside tcp 192.168.77.2:80   no
			client → web     tcp [fd42::11]:8080   no
			api    → web     tcp [fd42::11]:8080   no`,
	},
}

func TestADualStackPodIsKnownByBothAddresses(t *testing.T) {
	pod := testPod("web", "10.42.0.3")
	pod.Status.PodIPs = append(pod.Status.PodIPs, corev1.PodIP{IP: "fd42::3"})
	if pods := podsOf([]*corev1.Pod{pod}, nil); len(pods) != 2 {
		t.Errorf("got %v", pods)
	}
}
