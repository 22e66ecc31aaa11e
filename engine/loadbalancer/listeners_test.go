package loadbalancer

import (
	"net"
	"net/netip"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestParseSockets(t *testing.T) {
	const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	for name, test := range map[string]struct {
		table, state string
		want         []int32
	}{
		"any address":         {"   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 0 0 0 1\n", stateListen, []int32{80}},
		"the node's":          {"   0: 0A0200C0:01BB 00000000:0000 0A\n", stateListen, []int32{443}},
		"loopback":            {"   0: 0100007F:0050 00000000:0000 0A\n", stateListen, nil},
		"another of the node": {"   0: 0B0200C0:0050 00000000:0000 0A\n", stateListen, nil},
		"a connection":        {"   0: 0A0200C0:0050 0B0200C0:C350 01\n", stateListen, nil},
		"any, of IPv6, too":   {"   0: 00000000000000000000000000000000:192B 00000000000000000000000000000000:0000 0A\n", stateListen, []int32{6443}},
		"IPv4 inside of IPv6": {"   0: 0000000000000000FFFF00000A0200C0:0050 00000000000000000000000000000000:0000 0A\n", stateListen, []int32{80}},
		"loopback of IPv6":    {"   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A\n", stateListen, nil},
		"UDP":                 {"   0: 00000000:0035 00000000:0000 07\n", stateUnconnected, []int32{53}},
		"nonsense":            {"hello\n   0: XX:0050 0 0A\n   0: 00000000 0 0A\n", stateListen, nil},
	} {
		if got := parseSockets(header+test.table, test.state, []netip.Addr{testAddress}); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestReadSocketsFindsThisOne(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	number := netip.MustParseAddrPort(listener.Addr().String()).Port()
	wanted := port{corev1.ProtocolTCP, int32(number)}
	if !slices.Contains(readSockets([]netip.Addr{netip.MustParseAddr("127.0.0.1")}), wanted) {
		t.Error("it is not found at its own address")
	}
	if slices.Contains(readSockets([]netip.Addr{testAddress}), wanted) {
		t.Error("it is found at another address")
	}
}

func TestHostPorts(t *testing.T) {
	pod := func(phase corev1.PodPhase, hostIP string) corev1.Pod {
		return corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "door"},
			Status:     corev1.PodStatus{Phase: phase},
			Spec: corev1.PodSpec{Containers: []corev1.Container{{Ports: []corev1.ContainerPort{
				{ContainerPort: 8080, Protocol: corev1.ProtocolTCP},
				{ContainerPort: 8080, HostPort: 80, HostIP: hostIP, Protocol: corev1.ProtocolTCP},
			}}}},
		}
	}
	for name, test := range map[string]struct {
		pod   corev1.Pod
		taken bool
	}{
		"everywhere":        {pod(corev1.PodRunning, ""), true},
		"everywhere, too":   {pod(corev1.PodPending, "0.0.0.0"), true},
		"the node's":        {pod(corev1.PodRunning, testAddress.String()), true},
		"loopback":          {pod(corev1.PodRunning, "127.0.0.1"), false},
		"it has succeeded":  {pod(corev1.PodSucceeded, ""), false},
		"it has failed":     {pod(corev1.PodFailed, ""), false},
		"it wants no ports": {corev1.Pod{}, false},
	} {
		got := hostPorts([]corev1.Pod{test.pod}, []netip.Addr{testAddress})
		if taken := got[port{corev1.ProtocolTCP, 80}] == "the pod shop/door"; taken != test.taken || len(got) > 1 {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
