package preflight

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/ports"
)

func readListeners(c config.Config) (listeners []Listener, err error) {
	wanted := ports.Of(c)
	for _, file := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(file)
		if os.IsNotExist(err) { // a kernel without IPv6
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, each := range parseListeners(string(text)) {
			if slices.ContainsFunc(wanted, func(p ports.Port) bool { return takes(each, p) }) {
				findProcess(&each)
				listeners = append(listeners, each)
			}
		}
	}
	return listeners, nil
}

const listening = "0A" // TCP_LISTEN

// parseListeners reads the format of /proc/net/tcp and tcp6, proc_pid_net(5): sl local_address rem_address
// st … uid timeout inode. Pure.
func parseListeners(text string) (listeners []Listener) {
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 10 || fields[3] != listening {
			continue
		}
		address, err := parseSocketAddress(fields[1])
		if err != nil {
			continue
		}
		inode, _ := strconv.ParseUint(fields[9], 10, 64) // 0 is nobody's
		listeners = append(listeners, Listener{Address: address, Inode: inode})
	}
	return listeners
}

// parseSocketAddress reads "0100007F:1F90": the address as words of 32 bits in the machine's byte order.
func parseSocketAddress(text string) (netip.AddrPort, error) {
	address, port, _ := strings.Cut(text, ":")
	bytes, err := hex.DecodeString(address)
	if err != nil || len(bytes)%4 != 0 {
		return netip.AddrPort{}, fmt.Errorf("no socket address: %q", text)
	}
	for i := 0; i < len(bytes); i += 4 {
		binary.NativeEndian.PutUint32(bytes[i:], binary.BigEndian.Uint32(bytes[i:]))
	}
	ip, valid := netip.AddrFromSlice(bytes)
	number, err := strconv.ParseUint(port, 16, 16)
	if err != nil || !valid {
		return netip.AddrPort{}, fmt.Errorf("no socket address: %q", text)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(number)), nil
}

// findProcess notes whose socket it is, if that can be seen from here.
func findProcess(l *Listener) {
	link := fmt.Sprintf("socket:[%d]", l.Inode)
	files, _ := filepath.Glob("/proc/[0-9]*/fd/*") // the pattern is right
	for _, file := range files {
		if target, err := os.Readlink(file); err != nil || target != link {
			continue
		}
		folder := filepath.Dir(filepath.Dir(file))
		name, err := os.ReadFile(filepath.Join(folder, "comm"))
		if err != nil {
			name = []byte("a process")
		}
		l.Process = fmt.Sprintf("%s (pid %s)", strings.TrimSpace(string(name)), filepath.Base(folder))
		l.Cgroup = readCgroup(filepath.Base(folder))
		return
	}
}

// readCgroup is the first that a process is in, of those that pods have; "" for a process of none.
func readCgroup(process string) string {
	text, err := os.ReadFile(filepath.Join("/proc", process, "cgroup"))
	if err != nil { // it has ended
		return ""
	}
	return podCgroup(string(text))
}
