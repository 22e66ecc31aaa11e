package dns

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	miekg "github.com/miekg/dns"
	"os/exec"
	"sync"
)

// Serve tries the port out before it listens: a question asked then would be lost, and its answer waited for.
func TestCheckAsksNobodyBeforeItListens(t *testing.T) {
	listen := freePort(t)
	socket, err := net.ListenPacket("udp", listen.String())
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	err = Check(t.Context(), listen, "kubernetes.default.svc.cluster.local", netip.MustParseAddr("10.43.0.1"))
	if err == nil || !strings.Contains(err.Error(), "does not listen yet") {
		t.Error(err)
	}
}

// An API server that is away, upstream servers that come and go: the real server between them, on the
// loopback interface. Its answers about Services are tested with a real API server, in test/sandbox.
func TestServe(t *testing.T) {
	folder := t.TempDir()
	options := testOptions()
	options.Listen = freePort(t)
	options.Kubeconfig = filepath.Join(folder, "kubeconfig")
	options.ResolvConf = filepath.Join(folder, "resolv.conf")
	options.ForPods = filepath.Join(t.TempDir(), "pods.conf")
	write(t, options.Kubeconfig, kubeconfigOfNobody)

	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, options) }()

	// There is no resolv.conf yet.
	waitFor(t, options, "example.com.", "SERVFAIL")
	expect(t, options, "udp", "kubernetes.default.svc.cluster.local.", "SERVFAIL")
	if err := Serve(ctx, options); err == nil {
		t.Error("a second server started in the same process")
	}

	startUpstream(t, "127.53.0.1", "192.0.2.1")
	startUpstream(t, "127.53.0.2", "192.0.2.2")
	write(t, options.ResolvConf, "nameserver 127.53.0.1\n")
	waitFor(t, options, "example.com.", "192.0.2.1")
	expect(t, options, "tcp", "example.com.", "192.0.2.1")

	// Replaced as a DHCP client does it. The cache belongs to the old network.
	write(t, options.ResolvConf+".new", "nameserver 127.53.0.2\n")
	if err := os.Rename(options.ResolvConf+".new", options.ResolvConf); err != nil {
		t.Fatal(err)
	}
	waitFor(t, options, "example.com.", "192.0.2.2")

	// A link instead of the file, and then another file behind the link.
	target := filepath.Join(t.TempDir(), "resolv.conf")
	write(t, target, "nameserver 127.53.0.1\n")
	if err := os.Remove(options.ResolvConf); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, options.ResolvConf); err != nil {
		t.Fatal(err)
	}
	waitFor(t, options, "example.com.", "192.0.2.1")
	write(t, target, "nameserver 127.53.0.2\n")
	waitFor(t, options, "example.com.", "192.0.2.2")

	write(t, options.ResolvConf, "nameserver "+options.Service.String()+"\n") // a loop, if it were followed
	waitFor(t, options, "example.com.", "SERVFAIL")
	if err := os.Remove(options.ResolvConf); err != nil {
		t.Fatal(err)
	}
	expect(t, options, "udp", "nothing.default.svc.cluster.local.", "SERVFAIL")

	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Second):
		t.Error("it did not stop within a second")
	}
	if err := checkFree(options.Listen); err != nil {
		t.Error(err)
	}
}

// Zones and hosts of people's, without an upstream for the rest, and without an API server: the cluster's own names stay its own.
func TestStubZonesAndHosts(t *testing.T) {
	folder := t.TempDir()
	options := testOptions()
	options.Listen = freePort(t)
	options.Kubeconfig = filepath.Join(folder, "kubeconfig")
	options.ForPods = filepath.Join(folder, "pods.conf")
	options.ResolvConf = folder // a folder in its place ends nothing
	options.StubZones = []StubZone{{"corp.example", []string{"127.53.0.3:53"}}, {"local", []string{"127.53.0.3:53"}}}
	options.Hosts = []Host{{"registry.example", []string{"192.168.1.5", "fd00::5"}}, {"printer.corp.example", []string{"192.168.1.6"}}}
	write(t, options.Kubeconfig, kubeconfigOfNobody)
	startUpstream(t, "127.53.0.3", "192.0.2.3")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, options) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()

	waitFor(t, options, "db.corp.example.", "192.0.2.3")
	for name, want := range map[string]string{
		"corp.example.": "192.0.2.3", "a.b.CORP.example.": "192.0.2.3", "tv.local.": "192.0.2.3", // the longest zone counts
		"printer.corp.example.": "192.168.1.6", "registry.example.": "192.168.1.5", "Registry.Example.": "192.168.1.5",
		"example.": "SERVFAIL", "notcorp.example.": "SERVFAIL", "other.registry.example.": "SERVFAIL",
		"db.cluster.local.": "SERVFAIL", "db.default.svc.cluster.local.": "SERVFAIL", "db.default.svc.": "SERVFAIL",
	} {
		expect(t, options, "udp", name, want)
		expect(t, options, "tcp", name, want)
	}
	for question, want := range map[string]string{
		"registry.example. AAAA": "fd00::5", "printer.corp.example. AAAA": "",
		"5.1.168.192.in-addr.arpa. PTR": "registry.example.", "6.1.168.192.in-addr.arpa. PTR": "printer.corp.example.",
		"5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa. PTR": "registry.example.",
	} {
		name, kind, _ := strings.Cut(question, " ")
		reply, _, err := new(miekg.Client).Exchange(new(miekg.Msg).SetQuestion(name, miekg.StringToType[kind]), options.Listen.String())
		if err != nil || reply.Rcode != miekg.RcodeSuccess {
			t.Fatalf("%s: %v, %v", question, err, reply)
		}
		var got string
		for _, record := range reply.Answer {
			fields := strings.Fields(record.String())
			got = fields[len(fields)-1]
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", question, got, want)
		}
	}
}

func TestATakenPortIsLeft(t *testing.T) {
	options := testOptions()
	options.Listen = freePort(t)
	options.ForPods = filepath.Join(t.TempDir(), "pods.conf")
	taken, err := net.ListenPacket("udp", options.Listen.String())
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = Serve(context.Background(), options)
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("got %v", err)
	}
	free, err := FindFree(options.Listen)
	if err != nil || free.Addr() != options.Listen.Addr() || free.Port() <= options.Listen.Port() {
		t.Errorf("got %s, %v", free, err)
	}
}

func TestRedirectRules(t *testing.T) {
	rules := redirectRules(netip.MustParseAddrPort("10.42.0.1:53"), netip.MustParseAddrPort("10.42.0.1:20054"))
	for _, want := range []string{
		"ip daddr 10.42.0.1 udp dport 53 udp dport set 20054", "ip daddr 10.42.0.1 tcp dport 53 tcp dport set 20054",
		"ip saddr 10.42.0.1 udp sport 20054 udp sport set 53", "ip saddr 10.42.0.1 tcp sport 20054 tcp sport set 53",
	} {
		if !strings.Contains(rules, want) {
			t.Errorf("no rule %q in %s", want, rules)
		}
	}
}

const kubeconfigOfNobody = `apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: a, context: {cluster: a}}]
current-context: a
`

func freePort(t *testing.T) netip.AddrPort {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return netip.MustParseAddrPort(listener.Addr().String())
}

func write(t *testing.T, file, text string) {
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// startUpstream is a name server on port 53, as a resolv.conf can name no other, with one answer to all.
func startUpstream(t *testing.T, address, answer string) {
	handler := miekg.HandlerFunc(func(w miekg.ResponseWriter, question *miekg.Msg) {
		reply := new(miekg.Msg).SetReply(question)
		record, err := miekg.NewRR(question.Question[0].Name + " 60 IN A " + answer)
		if err != nil {
			t.Error(err)
		}
		reply.Answer = []miekg.RR{record}
		_ = w.WriteMsg(reply)
	})
	packets, err := net.ListenPacket("udp", address+":53")
	if err != nil {
		t.Skip("needs the right to listen on port 53: ", err)
	}
	connections, err := net.Listen("tcp", address+":53")
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []*miekg.Server{
		{PacketConn: packets, Handler: handler}, {Listener: connections, Handler: handler},
	} {
		go server.ActivateAndServe()
		t.Cleanup(func() { _ = server.Shutdown() })
	}
}

// ask returns the first address, or the code when there is none.
func ask(options Options, network, name string) string {
	client := miekg.Client{Net: network, Timeout: 5 * time.Second}
	reply, _, err := client.Exchange(new(miekg.Msg).SetQuestion(name, miekg.TypeA), options.Listen.String())
	if err != nil {
		return err.Error()
	}
	if len(reply.Answer) == 0 {
		return miekg.RcodeToString[reply.Rcode]
	}
	return reply.Answer[0].(*miekg.A).A.String()
}

func expect(t *testing.T, options Options, network, name, want string) {
	t.Helper()
	if got := ask(options, network, name); got != want {
		t.Errorf("%s over %s: got %s, want %s", name, network, got, want)
	}
}

func waitFor(t *testing.T, options Options, name, want string) {
	t.Helper()
	var got string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if got = ask(options, "udp", name); got == want {
			return
		}
	}
	t.Fatalf("%s: still %s, not %s", name, got, want)
}

// A port that was tried out is free again, whatever programs are started meanwhile.
func TestCheckFreeLeavesThePortFree(t *testing.T) {
	// The first program of a process is preceded by a try whether the kernel has pidfds (os.checkPidfd), without ForkLock.
	if err := exec.Command("/bin/true").Run(); err != nil {
		t.Fatal(err)
	}
	var programs sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		programs.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					_ = exec.Command("/bin/true").Run()
				}
			}
		})
	}
	defer programs.Wait()
	defer close(done)
	for port := uint16(20000); port < 20500; port++ {
		address := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port)
		if checkFree(address) != nil {
			continue // somebody else's
		}
		listener, err := net.Listen("tcp", address.String())
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
	}
}
