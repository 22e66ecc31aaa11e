package policy

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// inNamespace is set in the process that has a network of its own.
const inNamespace = "KUBESOLO_POLICY_TEST_IN_NAMESPACE"

// TestPackets sends real packets between network namespaces that are wired like pods, through the real
// ruleset in the kernel.
func TestPackets(t *testing.T) {
	if os.Getenv(inNamespace) == "" {
		runInNamespace(t)
		return
	}
	network := buildNetwork(t)
	for _, test := range packetTests {
		t.Run(test.name, func(t *testing.T) {
			network.enforce(t, test.policies)
			var all sync.WaitGroup
			for _, line := range strings.Split(strings.TrimSpace(test.connections), "\n") {
				all.Go(func() { network.check(t, line) })
			}
			all.Wait()
		})
	}
	t.Run("a connection outlives a policy that forbids new ones", func(t *testing.T) { checkEstablished(t, network) })
	t.Run("a service on the node's link by IPv6 is no way around", func(t *testing.T) { checkIPv6(t, network) })
	t.Run("with IPv6 addresses", func(t *testing.T) { checkDualStack(t, network) })
}

func runInNamespace(t *testing.T) {
	for _, program := range []string{"nft", "ip", "nsenter"} {
		if _, err := exec.LookPath(program); err != nil {
			skipAtHome(t, "this host has no "+program)
		}
	}
	if os.Geteuid() != 0 {
		skipAtHome(t, "making network namespaces needs root")
	}
	if _, err := os.Stat(bridgeSwitch + "iptables"); err != nil {
		skipAtHome(t, "the kernel's module br_netfilter is not loaded")
	}
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), inNamespace+"=1")
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	output, err := again.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	t.Logf("%s", output)
}

// skipAtHome: in CI nothing may be missing.
func skipAtHome(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// check reads "client → web tcp 10.42.0.11:8080 yes": who, to whom (for the reader), what is expected.
func (n *network) check(t *testing.T, line string) {
	var from, to, protocol, address, expected string
	if _, err := fmt.Sscan(strings.Replace(line, "→", " ", 1), &from, &to, &protocol, &address, &expected); err != nil {
		t.Errorf("bad line %q: %v", line, err)
		return
	}
	err := n.connect(from, protocol, address)
	if (err == nil) != (expected == "yes") {
		t.Errorf("%s: got %v", strings.TrimSpace(line), err)
	}
}

func checkEstablished(t *testing.T, network *network) {
	network.enforce(t, "")
	connection, err := network.dial("client", "tcp", "10.42.0.11:8080")
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	network.enforce(t, denyAll)
	network.check(t, "client → web tcp 10.42.0.11:8080 no")
	if err := exchange(connection); err != nil {
		t.Errorf("the connection of before no longer works: %v", err)
	}
}

func checkIPv6(t *testing.T, network *network) {
	web, node := network.linkLocal(t, "web"), network.linkLocal(t, "node")
	network.enforce(t, "")
	time.Sleep(2 * time.Second) // until the kernel has made sure that the addresses are unique
	for _, address := range []string{web, node} {
		network.check(t, "client → it tcp "+address+" yes")
	}
	network.enforce(t, denyAll)
	for _, address := range []string{web, node} {
		network.check(t, "client → it tcp "+address+" no")
	}
}
