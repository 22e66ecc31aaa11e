package preflight

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
)

var configuration = configtest.DualStack(config.Config{Path: "/state", Library: "/lib", Metrics: true, MetricsAddress: netip.MustParseAddrPort("127.0.0.1:9105")})

// healthy is a host without problems.
func healthy() Facts {
	return Facts{
		Process:  Process{PID: 2, Capabilities: ^uint64(0)},
		Kernel:   Kernel{Release: "6.12.1", Major: 6, Minor: 12, BridgeFilter: true, RootType: "squashfs", KernelLog: true, Seccomp: true},
		Cgroups:  Cgroups{Unified: true, Controllers: []string{"cpuset", "cpu", "io", "memory", "pids"}},
		Programs: Programs{Library: true, FoundInPath: map[string]bool{"nft": true, "mount": true, "umount": true}},
		State:    State{Existing: "/state", FileSystem: unix.EXT4_SUPER_MAGIC, FreeBytes: 1 << 30, FreeFiles: 1000, TotalFiles: 2000, Shared: true},
		Machine:  Machine{MemoryBytes: 500 << 20, Now: time.Unix(2e9, 0), LastKnown: time.Unix(19e8, 0), MachineID: strings.Repeat("a", 32), FreeWatches: 32},
	}
}

func TestCheck(t *testing.T) {
	port := func(address string) Listener {
		return Listener{Address: netip.MustParseAddrPort(address), Process: "nginx (pid 7)"}
	}
	const fatal, warning = true, false
	tests := []struct {
		name  string
		spoil func(*Facts)
		fatal bool
		want  string // in the message, together with its hint
	}{
		{"another engine", func(f *Facts) { f.Holder = Holder{true, 12} }, fatal, "another engine, process 12, already runs on /state; stop it"},
		{"another engine in another container", func(f *Facts) { f.Holder = Holder{true, 0} }, fatal, "another engine already runs on /state"},
		{"not root", func(f *Facts) { f.Process.UID = 1000 }, fatal, "runs as user 1000"},
		{"process 1", func(f *Facts) { f.Process.PID = 1 }, fatal, "is process 1"},
		{"an ordinary container", func(f *Facts) { f.Process.Capabilities = 0xa80425fb }, fatal, "lacks CAP_SYS_ADMIN"},

		{"an old kernel", func(f *Facts) { f.Kernel.Release, f.Kernel.Major, f.Kernel.Minor = "5.10.0", 5, 10 }, fatal, "is 5.10.0; kube-proxy needs 5.13"},
		{"no overlayfs", func(f *Facts) { f.Kernel.MissingFileSystems = []string{"overlay"} }, fatal, "load the module overlay"},
		{"no namespaces", func(f *Facts) { f.Kernel.MissingNamespaces = []string{"pid"} }, fatal, "no pid namespaces"},
		{"no bridge", func(f *Facts) { f.Kernel.MissingLinkKinds = []string{"bridge"} }, fatal, "load the module bridge"},
		{"no veth", func(f *Facts) { f.Kernel.MissingLinkKinds = []string{"veth"} }, fatal, "kind veth"},
		{"no nftables", func(f *Facts) { f.Kernel.NoNftables = true }, fatal, "load the module nf_tables"},
		{"no IPv6 rejects", func(f *Facts) { f.Kernel.MissingExpressions = expressions[7:] }, fatal, `no "reject" for IPv6: kube-proxy; load the module nft_reject_ipv6`},
		{"no conntrack", func(f *Facts) { f.Kernel.MissingExpressions = expressions[:1] }, fatal, "nft_ct"},
		{"bridged packets are not filtered", func(f *Facts) { f.Kernel.BridgeFilter = false }, warning, "load the module br_netfilter"},
		{"no IPv6, with an IPv6 network", func(f *Facts) { f.Kernel.NoIPv6 = true }, fatal, "IPv6 network fd42::/56"},
		{"the kernel's first root", func(f *Facts) { f.Kernel.RootType = "rootfs" }, fatal, "pivot_root"},
		{"no /dev/kmsg", func(f *Facts) { f.Kernel.KernelLog = false }, fatal, "/dev/kmsg"},
		{"no seccomp", func(f *Facts) { f.Kernel.Seccomp = false }, warning, "CONFIG_SECCOMP_FILTER"},

		{"no cgroups", func(f *Facts) { f.Cgroups = Cgroups{} }, fatal, "mount -t cgroup2"},
		{"no memory controller", func(f *Facts) { f.Cgroups.Controllers = []string{"cpu", "cpuset", "io", "pids"} }, fatal, "no cgroup controller memory"},
		{"no io controller", func(f *Facts) { f.Cgroups.Controllers = []string{"cpu", "cpuset", "memory", "pids"} }, warning, "no cgroup controller io"},
		{"version 1 without blkio", func(f *Facts) { f.Cgroups = Cgroups{false, []string{"cpu", "cpuset", "memory", "pids"}} }, warning, "controller blkio"},

		{"no library", func(f *Facts) { f.Programs.Library = false }, fatal, "no folder /lib"},
		{"no runc", func(f *Facts) { f.Programs.Unusable = map[string]string{"/lib/bin/runc": "no such file or directory"} }, fatal, "cannot run /lib/bin/runc: no such file or directory"},
		{"no nft", func(f *Facts) { f.Programs.FoundInPath["nft"] = false }, fatal, "no program nft in PATH"},

		{"the API's port is taken", func(f *Facts) { f.Listeners = []Listener{port("10.0.0.1:6443")} }, fatal, "port 6443, for the API server, is taken by nginx (pid 7)"},
		{"the kubelet's port is taken", func(f *Facts) { f.Listeners = []Listener{port("[::]:10250")} }, fatal, "port 10250, for the kubelet"},
		{"the metrics' port is taken", func(f *Facts) { f.Listeners = []Listener{port("127.0.0.1:9105")} }, fatal, "--no-metrics-server"},
		{"a port is taken by nobody", func(f *Facts) { f.Listeners = []Listener{{Address: netip.MustParseAddrPort("0.0.0.0:10256")}} }, fatal, "can't be seen from here"},

		{"a file is in the way", func(f *Facts) { f.State.NotDirectory = "/state" }, fatal, "/state is in the way"},
		{"a read-only disk", func(f *Facts) { f.State.NotWritable = "read-only file system" }, fatal, "cannot write to /state, where all state is kept: read-only"},
		{"state on NFS", func(f *Facts) { f.State.FileSystem = unix.NFS_SUPER_MAGIC }, fatal, "is on nfs"},
		{"state on an overlay", func(f *Facts) { f.State.FileSystem = unix.OVERLAYFS_SUPER_MAGIC }, fatal, "is on overlay"},
		{"state in memory", func(f *Facts) { f.State.FileSystem = unix.TMPFS_MAGIC }, warning, "gone after a reboot"},
		{"noexec", func(f *Facts) { f.State.NoExec = true }, warning, "noexec"},
		{"somebody else's folder", func(f *Facts) { f.State.OwnerUID = 1000 }, warning, "chown root /state"},
		{"everybody's folder", func(f *Facts) { f.State.OthersMayWrite = true }, warning, "chmod go-w /state"},
		{"no shared mounts", func(f *Facts) { f.State.Shared = false }, warning, "--make-rshared"},
		{"a folder that can't be written to", func(f *Facts) { f.State.NotWritableElse = map[string]string{"/etc/cni/net.d": "read-only file system"} }, fatal, "cannot write to /etc/cni/net.d"},
		{"a full disk", func(f *Facts) { f.State.FreeBytes = 3 << 20 }, fatal, "is full: 3 MB are left, 16 are needed"},
		{"no files left", func(f *Facts) { f.State.FreeFiles = 0 }, fatal, "can't hold more files"},
		{"a nearly full disk", func(f *Facts) { f.State.FreeBytes = 100 << 20 }, warning, "nearly full: 100 MB"},
		{"a LAN that is in the pods' network", func(f *Facts) { f.Overlaps = []string{"the network of eth0 overlaps"} }, warning, "overlaps; until then nothing there"},
		{"a database of nothing", func(f *Facts) {
			f.State.Database = Database{File: "/state/kine/db/state.db", Present: true, ClusterExist: true}
		}, fatal, "/state/kine/db/state.db is empty"},
		{"a database that is none", func(f *Facts) {
			f.State.Database = Database{File: "/state/kine/db/state.db", Present: true, Size: 20, Header: "garbage"}
		}, fatal, "/state/kine/db/state.db is no SQLite database"},

		{"far too little memory", func(f *Facts) { f.Machine.MemoryBytes = 128 << 20 }, fatal, "128 MB"},
		{"little memory", func(f *Facts) { f.Machine.MemoryBytes = 250 << 20 }, warning, "less than 384 MB is not tested"},
		{"a clock that was never set", func(f *Facts) { f.Machine.Now = time.Unix(0, 0); f.Machine.LastKnownWhy = "when x" }, warning, "says 1970-01-01, which is before 2030-03-17, when x"},
		{"no inotify instances left", func(f *Facts) { f.Machine.FreeWatches = 3 }, fatal, "only 3 inotify instances are free; the engine needs 32; run: sysctl -w"},
		{"no machine id", func(f *Facts) { f.Machine.MachineID = "" }, warning, "/etc/machine-id"},
		{"something can't be read", func(f *Facts) { f.Unknown = []string{"which ports are taken: EPERM"} }, warning, "could not find out which ports"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := healthy()
			test.spoil(&facts)
			problems := Check(facts, configuration)
			if len(problems) == 0 || HasFatal(problems) != test.fatal || !strings.Contains(problems[0].String(), test.want) {
				t.Errorf("got %v", problems)
			}
		})
	}
}

func TestCheckAccepts(t *testing.T) {
	tests := []struct {
		name  string
		alter func(*Facts)
	}{
		{"a healthy host", func(*Facts) {}},
		{"cgroups of version 1", func(f *Facts) { f.Cgroups = Cgroups{false, []string{"rw", "cpu", "cpuset", "blkio", "memory", "pids"}} }},
		{"a resolver on another address of port 9105", func(f *Facts) {
			f.Listeners = []Listener{{Address: netip.MustParseAddrPort("10.0.0.1:9105")}}
		}},
		{"a file system without a limit of files", func(f *Facts) { f.State.FreeFiles, f.State.TotalFiles = 0, 0 }},
		{"a database made, and killed at once", func(f *Facts) { f.State.Database = Database{Present: true} }},
		{"a database that is all in its log", func(f *Facts) {
			f.State.Database = Database{Present: true, LogSize: 4096, ClusterExist: true}
		}},
		{"a database", func(f *Facts) {
			f.State.Database = Database{Present: true, Size: 4096, Header: sqliteHeader, ClusterExist: true}
		}},
		{"a clock that is some hours back", func(f *Facts) { f.Machine.Now = f.Machine.LastKnown.Add(-5 * time.Hour) }},
	}
	for _, test := range tests {
		facts := healthy()
		test.alter(&facts)
		if problems := Check(facts, configuration); len(problems) > 0 {
			t.Errorf("%s: %v", test.name, problems)
		}
	}
}

func TestAllProblemsAreToldTheFatalOnesFirst(t *testing.T) {
	facts := healthy()
	facts.Machine.MachineID = ""
	facts.State.NoExec = true
	facts.Programs.FoundInPath["nft"] = false
	facts.Machine.MemoryBytes = 1
	problems := Check(facts, configuration)
	if len(problems) != 4 || !problems[0].Fatal || !problems[1].Fatal || problems[2].Fatal {
		t.Errorf("got %v", problems)
	}
}
