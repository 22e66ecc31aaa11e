package policy

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"

	"golang.org/x/sys/unix"
)

// network is a node with a bridge and pods like CNI makes them, services like kube-proxy makes them, and
// a machine outside. The test's process is on the node.
type network struct {
	holders map[string]*exec.Cmd // processes whose network namespace is the pod's
	current Ruleset
	pods    []Pod
	// The pods', once they have one.
	network6 netip.Prefix
}

var testPods = []Pod{
	{"a", "client", labels.Set{"app": "client"}, "10.42.0.10", nil},
	{"a", "web", labels.Set{"app": "web"}, "10.42.0.11", []Port{{"web", corev1.ProtocolTCP, 8080}}},
	{"b", "api", labels.Set{"app": "api"}, "10.42.0.12", []Port{{"web", corev1.ProtocolTCP, 9090}}},
}

var testNamespaces = map[string]labels.Set{
	"a": {"kubernetes.io/metadata.name": "a"}, "b": {"kubernetes.io/metadata.name": "b", "team": "blue"},
	"kube-system": {"kubernetes.io/metadata.name": "kube-system"},
}

const (
	outside  = "192.168.77.2"
	testNode = "192.168.77.1"
	// testServices do what kube-proxy and the bridge plugin do.
	testServices = `
table ip test-services {
	chain services {
		ip daddr 10.43.0.1 tcp dport 80 dnat to 10.42.0.11:8080
		ip daddr 10.43.0.2 tcp dport 80 dnat to 10.42.0.12:9090
		ip daddr 10.43.0.10 udp dport 53 dnat to 10.42.0.1:53
		ip daddr 10.43.0.10 tcp dport 53 dnat to 10.42.0.1:53
		ip daddr 192.168.77.1 tcp dport 30080 dnat to 10.42.0.11:8080
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
		ip saddr 10.42.0.11 ip daddr 10.42.0.11 masquerade
		ip saddr 192.168.77.2 ip daddr 10.42.0.0/24 ct status dnat masquerade
		ip saddr 10.42.0.0/24 ip daddr != 10.42.0.0/24 masquerade
	}
}`
)

func buildNetwork(t *testing.T) *network {
	n := &network{holders: map[string]*exec.Cmd{}, pods: slices.Clone(testPods)}
	run(t, "ip link set lo up")
	run(t, "ip link add cni0 type bridge")
	run(t, "ip addr add 10.42.0.1/24 dev cni0")
	run(t, "ip link set cni0 up")
	write(t, "/proc/sys/net/ipv4/ip_forward", "1")
	if err := CheckSystem(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, pod := range testPods {
		n.plug(t, pod.Name, pod.Address+"/24", "10.42.0.1")
		run(t, "ip link set veth-"+pod.Name+" master cni0")
		run(t, "ip link set veth-"+pod.Name+" type bridge_slave hairpin on")
	}
	n.plug(t, "outside", outside+"/24", testNode)
	n.inside(t, "outside", "ip addr add 192.168.77.3/24 dev eth0")
	run(t, "ip addr add "+testNode+"/24 dev veth-outside")
	run(t, "ip route add default via "+outside)
	if err := Apply(t.Context(), testServices); err != nil {
		t.Fatal(err)
	}
	n.serve(t, "client", "tcp", ":8080")
	for _, address := range []string{":8080", ":8181", ":8199"} {
		n.serve(t, "web", "tcp", address)
	}
	n.serve(t, "web", "udp", ":5353")
	n.serve(t, "api", "tcp", ":9090")
	n.serve(t, "api", "tcp", ":9091")
	n.serve(t, "outside", "tcp", ":80")
	n.serve(t, "node", "tcp", ":6443")
	n.serve(t, "node", "tcp", "10.42.0.1:53")
	n.serve(t, "node", "udp", "10.42.0.1:53")
	return n
}

// plug makes a namespace with one interface.
func (n *network) plug(t *testing.T, name, address, gateway string) {
	holder := exec.Command("cat") // ends when the pipe does, so not later than this process
	holder.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	pipe, err := holder.StdinPipe()
	if err == nil {
		err = holder.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = pipe.Close(), holder.Wait() })
	n.holders[name] = holder
	run(t, fmt.Sprintf("ip link add veth-%s type veth peer name eth0 netns %d", name, holder.Process.Pid))
	run(t, "ip link set veth-"+name+" up")
	for _, command := range []string{
		"ip link set lo up", "ip link set eth0 up", "ip addr add " + address + " dev eth0", "ip route add default via " + gateway,
	} {
		n.inside(t, name, command)
	}
}

func (n *network) inside(t *testing.T, name, command string) string {
	return run(t, fmt.Sprintf("nsenter -t %d -n %s", n.holders[name].Process.Pid, command))
}

// at calls a function on a thread in the namespace of a pod, or on the node.
func (n *network) at(name string, call func() error) error {
	if name == "node" {
		return call()
	}
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		file, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", n.holders[name].Process.Pid))
		if err == nil {
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
		}
		if err == nil {
			err = call()
		}
		result <- err
	}()
	return <-result
}

// enforce goes from the rules of before to those of the policies, as the controller does.
func (n *network) enforce(t *testing.T, policies string) {
	t.Helper()
	state := State{Pods: n.pods, Network6: n.network6, Namespaces: testNamespaces, NodeServices: []Pod{testDNS}, Bridge: "cni0"}
	for _, object := range readObjects(t, strings.NewReader(policies)) {
		state.Policies = append(state.Policies, object.(*networkingv1.NetworkPolicy))
	}
	next, problems := Compile(state)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := Apply(context.Background(), n.current.Change(next)); err != nil {
		t.Fatal(err)
	}
	n.current = next
}

// linkLocal is the address, with port, that an interface gave itself, as seen from the pod "client".
func (n *network) linkLocal(t *testing.T, name string) string {
	var listing, port string
	if name == "node" {
		listing, port = run(t, "ip -6 -oneline addr show dev cni0 scope link"), "6443"
	} else {
		listing, port = n.inside(t, name, "ip -6 -oneline addr show dev eth0 scope link"), "8080"
	}
	address, _, _ := strings.Cut(strings.Fields(listing)[3], "/")
	index, _, _ := strings.Cut(n.inside(t, "client", "ip -oneline link show dev eth0"), ":")
	return fmt.Sprintf("[%s%%%s]:%s", address, index, port)
}

func run(t *testing.T, command string) string {
	t.Helper()
	words := strings.Fields(command)
	output, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", command, err, output)
	}
	return string(output)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
