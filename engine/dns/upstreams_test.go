package dns

import (
	"slices"
	"testing"
)

func TestParseUpstreams(t *testing.T) {
	tests := []struct {
		name, resolvConf string
		disableIPv6      bool
		want             []string
	}{
		{"in their order", "nameserver 192.168.1.1\nnameserver 9.9.9.9\n", false, []string{"192.168.1.1", "9.9.9.9"}},
		{"no more than the C library takes", "nameserver 1.0.0.1\nnameserver 1.0.0.2\nnameserver 1.0.0.3\nnameserver 1.0.0.4\n",
			false, []string{"1.0.0.1", "1.0.0.2", "1.0.0.3"}},
		{"a resolver on the host itself", "nameserver 127.0.0.53\noptions edns0\n", false, []string{"127.0.0.53"}},
		{"each once", "nameserver 1.0.0.1\nnameserver 1.0.0.1\n", false, []string{"1.0.0.1"}},
		{"IPv6", "nameserver 2001:db8::1\n", false, []string{"2001:db8::1"}},
		{"no IPv6 when it is disabled", "nameserver 2001:db8::1\nnameserver 1.0.0.1\n", true, []string{"1.0.0.1"}},
		{"no link-local address", "nameserver fe80::1%eth0\n", false, nil},
		{"not this server", "nameserver 10.42.0.1\nnameserver 10.43.0.10\n", false, nil},
		{"not any address", "nameserver 0.0.0.0\n", false, nil},
		{"nothing but comments", "# made by DHCP\n\nsearch lan\n", false, nil},
		{"an empty file", "", false, nil},
		{"what is no address", "nameserver router\nnameserver\nnameserver 300.1.1.1\n", false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			options := testOptions()
			options.DisableIPv6 = test.disableIPv6
			if got := parseUpstreams(test.resolvConf, options); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
