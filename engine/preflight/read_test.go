package preflight

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
)

func TestParseListeners(t *testing.T) {
	const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2391 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:2391 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
`
	const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:192B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:192B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1 0 100 0 0 10 0
`
	want := []string{"127.0.0.1:9105 4711", "[::]:6443 12", "127.0.0.1:6443 13"}
	var got []string
	for _, each := range append(parseListeners(tcp), parseListeners(tcp6)...) {
		got = append(got, fmt.Sprint(each.Address, " ", each.Inode))
	}
	if strings.Join(got, ",") != strings.Join(want, ",") {
		t.Errorf("got %v", got)
	}
}

func TestCollide(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"0.0.0.0:53", "127.0.0.53:53", true},
		{"10.42.0.1:53", "127.0.0.53:53", false},
		{"10.42.0.1:53", "[::]:53", true},
		{"127.0.0.1:53", "127.0.0.1:54", false},
	}
	for _, test := range tests {
		if got := collide(netip.MustParseAddrPort(test.a), netip.MustParseAddrPort(test.b)); got != test.want {
			t.Errorf("%s and %s: %v", test.a, test.b, got)
		}
	}
}

func TestParseMounts(t *testing.T) {
	mounts := parseMounts(`1 0 0:2 / / rw - rootfs rootfs rw
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /data rw - ext4 /dev/vdb rw
24 22 0:22 / /data/x rw master:3 - tmpfs tmpfs rw,size=1k
garbage
`)
	tests := []struct {
		path, fileSystem string
		shared           bool
	}{{"/", "ext4", true}, {"/database", "ext4", true}, {"/data/y", "ext4", false}, {"/data/x", "tmpfs", false}}
	for _, test := range tests {
		if got := mounts.of(test.path); got.fileSystem != test.fileSystem || got.shared != test.shared {
			t.Errorf("%s: %+v", test.path, got)
		}
	}
}

// The kernel that runs the tests is asked in earnest; what nobody has is missing, and nothing is left behind.
func TestReadKernel(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	expressions := []expression{{family: unix.NFPROTO_IPV4, name: "lookup"}, {family: unix.NFPROTO_IPV4, name: "nonsense"}}
	missing, err := readMissingExpressions(expressions)
	if err != nil || len(missing) != 1 || missing[0].name != "nonsense" {
		t.Errorf("missing expressions: %v, %v", missing, err)
	}
	for kind, want := range map[string]unix.Errno{"bridge": unix.EINVAL, "nonsense": unix.EOPNOTSUPP} {
		message, err := linkRequest(kind)
		if err != nil {
			t.Fatal(err)
		}
		answers, err := exchange(unix.NETLINK_ROUTE, []netlink.Message{message})
		if err != nil || answers[0] != want {
			t.Errorf("devices of kind %s: %v, %v", kind, answers, err)
		}
	}
	if _, err := net.InterfaceByName("kubesolo-probe"); err == nil {
		t.Error("a network device was left behind")
	}
}

func TestReadState(t *testing.T) {
	c := configtest.With(config.Config{Path: filepath.Join(t.TempDir(), "not", "yet")})
	unexpected := func(what string, err error) {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if s := readState(c, unexpected); s.Existing != filepath.Dir(filepath.Dir(c.Path)) || s.NotWritable != "" || s.FreeBytes == 0 || s.Database.Present {
		t.Errorf("before the first start: %+v", s)
	}
	if err := os.MkdirAll(filepath.Dir(c.DatabaseFile()), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.DatabaseFile(), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := readState(c, unexpected); s.Existing != c.Path || !s.Database.Present || s.Database.Header != "short" {
		t.Errorf("a short database: %+v", s)
	}
	c.Path = c.DatabaseFile()
	if s := readState(c, unexpected); s.NotDirectory != c.Path {
		t.Errorf("a file instead of a folder: %+v", s)
	}
}

func TestLock(t *testing.T) {
	path := t.TempDir()
	lock, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if holder, err := readHolder(path); err != nil || holder != (Holder{true, os.Getpid()}) {
		t.Errorf("while locked: %+v, %v", holder, err)
	}
	if _, err := Lock(path); err == nil {
		t.Error("locked twice")
	}
	lock.Close()
	if holder, err := readHolder(path); err != nil || holder.Present {
		t.Errorf("afterwards: %+v, %v", holder, err)
	}
}

func TestAPortAndItsProcess(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	c := configtest.With(config.Config{Metrics: true, MetricsAddress: netip.MustParseAddrPort(listener.Addr().String())})
	found, err := readListeners(c)
	if err != nil {
		t.Fatal(err)
	}
	problems := fmt.Sprint(checkPorts(found, c))
	if !strings.Contains(problems, fmt.Sprintf("port %d, for the engine's metrics, is taken by ", c.MetricsAddress.Port())) ||
		!strings.Contains(problems, fmt.Sprintf("(pid %d)", os.Getpid())) {
		t.Errorf("got %s", problems)
	}
}
