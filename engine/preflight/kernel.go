package preflight

import (
	"strings"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
)

// Kernel is what the running kernel can't do, of what is asked for below.
type Kernel struct {
	Release            string // "6.12.117-amd64"
	Major, Minor       int
	MissingFileSystems []string
	MissingNamespaces  []string
	MissingLinkKinds   []string
	MissingExpressions []expression
	NoNftables         bool // not even a table
	NoIPv6             bool
	BridgeFilter       bool   // br_netfilter is there
	RootType           string // file system type of /, "" when unknown
	KernelLog          bool   // /dev/kmsg is there
	Seccomp            bool
}

type feature struct{ name, user, module string }

var fileSystems = []feature{
	{"overlay", "containerd builds containers' file systems of it", "overlay"},
	{"mqueue", "every container has one at /dev/mqueue", "it can't be a module: CONFIG_POSIX_MQUEUE"},
}

// namespaces as in /proc/self/ns.
var namespaces = []feature{
	{"mnt", "containers", "CONFIG_NAMESPACES"}, {"pid", "containers", "CONFIG_PID_NS"}, {"net", "pods", "CONFIG_NET_NS"},
	{"ipc", "pods", "CONFIG_IPC_NS"}, {"uts", "pods", "CONFIG_UTS_NS"},
}

var linkKinds = []feature{
	{"bridge", "the pods' network is one", "bridge"},
	{"veth", "each pod is connected by one", "veth"},
}

// expression is a part of nftables rules.
type expression struct {
	family             byte
	name, user, module string
}

var expressions = []expression{
	{unix.NFPROTO_IPV4, "ct", "kube-proxy and network policies", "nft_ct"},
	{unix.NFPROTO_IPV4, "nat", "kube-proxy and host ports", "nft_nat"},
	{unix.NFPROTO_IPV4, "masq", "pods reach the outside", "nft_masq"},
	{unix.NFPROTO_IPV4, "fib", "kube-proxy", "nft_fib_ipv4"},
	{unix.NFPROTO_IPV4, "numgen", "kube-proxy", "nft_numgen"},
	{unix.NFPROTO_IPV4, "reject", "kube-proxy", "nft_reject_ipv4"},
	{unix.NFPROTO_IPV6, "fib", "kube-proxy", "nft_fib_ipv6"},
	{unix.NFPROTO_IPV6, "reject", "kube-proxy", "nft_reject_ipv6"},
}

// Older ones lack what kube-proxy's nftables rules use; it refuses them.
const oldestMajor, oldestMinor = 5, 13

func checkKernel(k Kernel, c config.Config) (problems []Problem) {
	if k.Major < oldestMajor || k.Major == oldestMajor && k.Minor < oldestMinor {
		problems = append(problems, fatal("start a newer one", "the kernel is %s; kube-proxy needs %d.%d or newer", k.Release, oldestMajor, oldestMinor))
	}
	for _, each := range lacking(fileSystems, k.MissingFileSystems) {
		problems = append(problems, fatal(moduleHint(each.module), "the kernel has no file system %s: %s", each.name, each.user))
	}
	for _, each := range lacking(namespaces, k.MissingNamespaces) {
		problems = append(problems, fatal("start a kernel built with "+each.module, "the kernel has no %s namespaces, which %s need", each.name, each.user))
	}
	for _, each := range lacking(linkKinds, k.MissingLinkKinds) {
		problems = append(problems, fatal(moduleHint(each.module), "the kernel has no network devices of kind %s: %s", each.name, each.user))
	}
	problems = append(problems, checkNftables(k)...)
	if !k.BridgeFilter {
		problems = append(problems, warning(moduleHint("br_netfilter"),
			"the kernel does not filter bridged packets: pods won't reach other pods of this node through Services"))
	}
	if k.NoIPv6 && c.IsDualStack() {
		problems = append(problems, fatal("start without ipv6.disable=1 and with net.ipv6.conf.all.disable_ipv6=0, or give kubernetes.podCIDR and serviceCIDR IPv4 only",
			"pods are to have the IPv6 network %s, but the kernel has no IPv6 or it is disabled", c.PodNetwork6))
	}
	if k.RootType == "rootfs" {
		problems = append(problems, fatal("boot with a root file system that is mounted, on disk or tmpfs, and switched to",
			"/ is the kernel's first file system, which runc can't leave (pivot_root)"))
	}
	if !k.KernelLog {
		problems = append(problems, fatal("make it: mknod /dev/kmsg c 1 11", "there is no /dev/kmsg, where the kubelet learns of processes that ran out of memory"))
	}
	if !k.Seccomp {
		problems = append(problems, warning("start a kernel built with CONFIG_SECCOMP_FILTER", "the kernel has no seccomp filters: pods that ask for one won't start"))
	}
	return problems
}

func checkNftables(k Kernel) (problems []Problem) {
	if k.NoNftables {
		return []Problem{fatal(moduleHint("nf_tables"), "the kernel has no nftables, which kube-proxy, the pods' network and network policies need")}
	}
	for _, each := range k.MissingExpressions {
		version := "IPv4"
		if each.family == unix.NFPROTO_IPV6 {
			version = "IPv6"
		}
		problems = append(problems, fatal(moduleHint(each.module), "the kernel's nftables have no %q for %s: %s", each.name, version, each.user))
	}
	return problems
}

func lacking(features []feature, missing []string) (result []feature) {
	for _, each := range features {
		for _, name := range missing {
			if each.name == name {
				result = append(result, each)
			}
		}
	}
	return result
}

func moduleHint(module string) string {
	if strings.Contains(module, " ") {
		return module
	}
	return "load the module " + module
}
