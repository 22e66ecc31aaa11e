package node

import (
	"net/netip"
	"strings"
	"testing"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
)

func TestFindOverlaps(t *testing.T) {
	c := configtest.With(config.Config{})
	for address, want := range map[string]string{
		"192.168.1.10/24": "",
		"10.42.0.77/24":   "the network 10.42.0.0/24 of eth0 overlaps that of the cluster's pods, 10.42.0.0/24: set kubernetes.podCIDR",
		"10.42.7.1/24":    "", // of the pods' network, this node has another part
		"10.43.7.1/24":    "the network 10.43.7.0/24 of eth0 overlaps that of the cluster's Services, 10.43.0.0/16: set kubernetes.serviceCIDR",
		"10.0.0.5/8":      "kubernetes.podCIDR",
		"10.43.0.1/32":    "kubernetes.serviceCIDR",
	} {
		got := strings.Join(findOverlaps([]linkNetwork{{"eth0", netip.MustParsePrefix(address)}}, c.ClusterNetworks()), "; ")
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q", address, got)
		}
	}
}
