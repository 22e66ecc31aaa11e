package node

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

func TestDefaultRouteInterface(t *testing.T) {
	const header = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
	tests := []struct{ name, routes, want string }{
		{"no file, no routes", "", ""},
		{"only a network", header + "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", ""},
		{"one default route", header + "eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "eth0"},
		{"the lower metric wins", header + "wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n" +
			"eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "eth0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := defaultRouteInterface(test.routes); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestChooseAddress(t *testing.T) {
	each := func(name string, addresses ...string) networkInterface {
		result := networkInterface{name: name}
		for _, address := range addresses {
			result.addresses = append(result.addresses, netip.MustParseAddr(address))
		}
		return result
	}
	tests := []struct {
		name       string
		interfaces []networkInterface
		route      string
		want       string
	}{
		{"none", nil, "", "invalid IP"},
		{"loopback is none", []networkInterface{each("lo", "127.0.0.1")}, "", "invalid IP"},
		{"link-local and IPv6 are none", []networkInterface{each("eth0", "169.254.1.1", "2001:db8::1")}, "eth0", "invalid IP"},
		{"the first, without a default route", []networkInterface{each("eth0", "10.0.0.1"), each("eth1", "10.0.1.1")}, "", "10.0.0.1"},
		{"the one with the default route", []networkInterface{each("eth0", "10.0.0.1"), each("eth1", "10.0.1.1")}, "eth1", "10.0.1.1"},
		{"a default route without an address", []networkInterface{each("eth0", "10.0.0.1"), each("ppp0")}, "ppp0", "10.0.0.1"},
		{"the pods' bridge is none", []networkInterface{each("cni0", "10.42.0.1"), each("eth0", "10.0.0.1")}, "", "10.0.0.1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := chooseAddress(test.interfaces, test.route).String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestIsPluggedIn(t *testing.T) {
	tests := []struct {
		name       string
		interfaces []networkInterface
		want       bool
	}{
		{"no interface", nil, false},
		{"a card without a cable", []networkInterface{{name: "eth0"}}, false},
		{"the second of two cards", []networkInterface{{name: "eth0"}, {name: "eth1", isRunning: true}}, true},
		{"pods of an earlier run", []networkInterface{{name: "cni0", isRunning: true}, {name: "veth1", isRunning: true}}, false},
	}
	for _, test := range tests {
		if got := isPluggedIn(test.interfaces); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

func TestAfterReboot(t *testing.T) {
	remembered := filepath.Join(t.TempDir(), "state", ".boot-id")
	cleaned := 0
	clean := func() error { cleaned++; return nil }
	failing := func() error { cleaned++; return errors.New("busy") }

	if AfterReboot(remembered, failing) == nil {
		t.Error("a failed cleaning was not reported")
	}
	for range 2 { // the second start in the same boot cleans nothing
		if err := AfterReboot(remembered, clean); err != nil {
			t.Fatal(err)
		}
	}
	if cleaned != 2 {
		t.Errorf("cleaned %d times, want 2: after the failure, and not again", cleaned)
	}
	if err := os.WriteFile(remembered, []byte("another boot\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := AfterReboot(remembered, clean); err != nil || cleaned != 3 {
		t.Errorf("after a reboot: cleaned %d times (%v)", cleaned, err)
	}
}

func TestForgetCPUs(t *testing.T) {
	root := t.TempDir()
	state := filepath.Join(root, "cpu_manager_state")
	for _, step := range []struct {
		settings string
		kept     bool
	}{{"none", false}, {"none", true}, {"static", false}, {"static", true}} {
		if err := os.WriteFile(state, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := ForgetCPUs(root, step.settings); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(state); (err == nil) != step.kept {
			t.Errorf("%s: kept %v, want %v", step.settings, err == nil, step.kept)
		}
	}
}

func TestMTU(t *testing.T) {
	loopback, err := net.InterfaceByName("lo")
	if err != nil {
		t.Skip("no interface lo")
	}
	if got := MTU(netip.MustParseAddr("127.0.0.1")); got != loopback.MTU {
		t.Errorf("got %d, want %d", got, loopback.MTU)
	}
	if got := MTU(netip.MustParseAddr("192.0.2.1")); got != 1500 {
		t.Errorf("of an unknown address: got %d", got)
	}
}
