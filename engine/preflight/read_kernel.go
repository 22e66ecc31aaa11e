package preflight

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

func readKernel(note func(string, error)) Kernel {
	k := Kernel{Major: oldestMajor, Minor: oldestMinor}
	var names unix.Utsname
	note("the kernel's version", unix.Uname(&names))
	k.Release = unix.ByteSliceToString(names.Release[:])
	if _, err := fmt.Sscanf(k.Release, "%d.%d", &k.Major, &k.Minor); err != nil {
		note("the kernel's version", err)
	}
	k.MissingFileSystems = readMissingFileSystems()
	for _, each := range namespaces {
		if !exists("/proc/self/ns/" + each.name) {
			k.MissingNamespaces = append(k.MissingNamespaces, each.name)
		}
	}
	var err error
	k.MissingLinkKinds, err = readMissingLinkKinds()
	note("which network devices the kernel can make", err)
	k.MissingExpressions, err = readMissingExpressions(wantedExpressions())
	// Without nfnetlink there isn't even a socket to ask; without nf_tables, nobody behind it.
	k.NoNftables = errors.Is(err, unix.EPROTONOSUPPORT) || errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EINVAL)
	if !k.NoNftables {
		note("what the kernel's nftables can do", err)
	}
	disabled, _ := os.ReadFile("/proc/sys/net/ipv6/conf/all/disable_ipv6") // kube-proxy looks at both, too
	k.NoIPv6 = !exists("/proc/net/if_inet6") || strings.TrimSpace(string(disabled)) == "1"
	k.BridgeFilter = exists("/proc/sys/net/bridge/bridge-nf-call-iptables")
	mounts, err := readMounts()
	note("what is mounted", err)
	k.RootType = mounts.of("/").fileSystem
	k.KernelLog = exists("/dev/kmsg")
	k.Seccomp = exists("/proc/sys/kernel/seccomp/actions_avail")
	return k
}

// wantedExpressions leaves those for IPv6 out where the kernel has none.
func wantedExpressions() (wanted []expression) {
	ipv6 := exists("/proc/net/if_inet6")
	for _, each := range expressions {
		if each.family == unix.NFPROTO_IPV4 || ipv6 {
			wanted = append(wanted, each)
		}
	}
	return wanted
}

// readMissingFileSystems opens a context to mount each, for which the kernel loads the module, and mounts
// nothing, fsopen(2).
func readMissingFileSystems() (missing []string) {
	for _, each := range fileSystems {
		context, err := unix.Fsopen(each.name, unix.FSOPEN_CLOEXEC)
		if err == nil {
			unix.Close(context)
			continue
		}
		if errors.Is(err, unix.ENODEV) {
			missing = append(missing, each.name)
		}
	}
	return missing
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// mountPoint is a line of /proc/self/mountinfo, proc_pid_mountinfo(5).
type mountPoint struct {
	path, fileSystem, options string
	shared                    bool
}

type mountPoints []mountPoint

func readMounts() (mountPoints, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	return parseMounts(string(text)), err
}

func parseMounts(text string) (mounts mountPoints) {
	for line := range strings.Lines(text) {
		front, back, found := strings.Cut(line, " - ")
		fields, after := strings.Fields(front), strings.Fields(back)
		if !found || len(fields) < 6 || len(after) < 3 {
			continue
		}
		mounts = append(mounts, mountPoint{
			path: fields[4], fileSystem: after[0], options: after[2],
			shared: strings.Contains(strings.Join(fields[6:], " "), "shared:"),
		})
	}
	return mounts
}

// of is the mount that a path is on: the last one of the longest that fit.
func (mounts mountPoints) of(path string) (best mountPoint) {
	for _, mount := range mounts {
		below := mount.path == "/" || path == mount.path || strings.HasPrefix(path, mount.path+"/")
		if below && len(mount.path) >= len(best.path) {
			best = mount
		}
	}
	return best
}
