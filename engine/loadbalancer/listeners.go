package loadbalancer

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// hostPorts are what pods have of the node's ports, and which pod it is. Pure.
func hostPorts(pods []corev1.Pod, addresses []netip.Addr) map[port]string {
	taken := map[port]string{}
	for _, pod := range pods {
		if pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
			continue
		}
		for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
			for _, each := range container.Ports {
				at, err := netip.ParseAddr(each.HostIP)
				everywhere := err != nil || at.IsUnspecified() // mostly it is ""
				if each.HostPort != 0 && (everywhere || slices.Contains(addresses, at)) {
					taken[port{each.Protocol, each.HostPort}] = fmt.Sprintf("the pod %s/%s", pod.Namespace, pod.Name)
				}
			}
		}
	}
	return taken
}

// readSockets are the ports at which programs of the node get what is sent to one of the addresses, now.
func readSockets(addresses []netip.Addr) (ports []port) {
	for _, table := range []struct {
		file     string
		protocol corev1.Protocol
		state    string
	}{
		{"tcp", corev1.ProtocolTCP, stateListen}, {"tcp6", corev1.ProtocolTCP, stateListen},
		{"udp", corev1.ProtocolUDP, stateUnconnected}, {"udp6", corev1.ProtocolUDP, stateUnconnected},
	} {
		text, err := os.ReadFile("/proc/net/" + table.file)
		if err != nil { // no such protocol in this kernel: nobody listens
			continue
		}
		for _, number := range parseSockets(string(text), table.state, addresses) {
			ports = append(ports, port{table.protocol, number})
		}
	}
	return ports
}

// States of sockets in /proc/net (the kernel's include/net/tcp_states.h).
const (
	stateListen      = "0A"
	stateUnconnected = "07"
)

// parseSockets reads the ports of sockets in a state that get what is sent to one of the addresses. The format is
// that of /proc/net/tcp and its like (proc_pid_net(5)): "sl local_address rem_address st …", addresses as
// hexadecimal words in the processor's byte order, little-endian on all we run on. Pure.
func parseSockets(table, state string, addresses []netip.Addr) (ports []int32) {
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[3] != state {
			continue
		}
		host, number, _ := strings.Cut(fields[1], ":")
		local, err := parseAddress(host)
		parsed, portErr := strconv.ParseUint(number, 16, 16)
		if err != nil || portErr != nil {
			continue
		}
		if local.IsUnspecified() || slices.Contains(addresses, local) {
			ports = append(ports, int32(parsed))
		}
	}
	return ports
}

func parseAddress(text string) (netip.Addr, error) {
	bytes, err := hex.DecodeString(text)
	if err != nil {
		return netip.Addr{}, err
	}
	for word := range slices.Chunk(bytes, 4) {
		slices.Reverse(word)
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address.Unmap(), nil
}
