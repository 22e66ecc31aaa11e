package config

import (
	"fmt"
	"testing"
)

func TestAddressesOfTheClustersNetworks(t *testing.T) {
	for _, test := range []struct{ pods, services, node, gateway, kubernetes, dns string }{
		{DefaultPodNetwork, DefaultServiceNetwork, "10.42.0.0/24", "10.42.0.1", "10.43.0.1", "10.43.0.10"},
		{"172.16.0.0/12", "192.168.4.16/28", "172.16.0.0/24", "172.16.0.1", "192.168.4.17", "192.168.4.26"},
		{"192.168.7.128/25", "172.20.0.0/16", "192.168.7.128/25", "192.168.7.129", "172.20.0.1", "172.20.0.10"},
	} {
		c := resolve(t, []string{"--pod-cidr", test.pods, "--service-cidr", test.services}, "").Config
		if got := c.NodePodNetwork().String(); got != test.node {
			t.Errorf("%s: the node's pods have %s", test.pods, got)
		}
		for got, want := range map[string]string{c.PodGateway().String(): test.gateway, c.KubernetesIP().String(): test.kubernetes, c.DNSIP().String(): test.dns} {
			if got != want {
				t.Errorf("%s, %s: %s instead of %s", test.pods, test.services, got, want)
			}
		}
	}
}

func TestIPv6NetworksOfTheCluster(t *testing.T) {
	c := resolve(t, []string{"--pod-cidr", "10.42.0.0/16, fd42::/56", "--service-cidr", "10.43.0.0/16,fd43::/112", "--node-ip", "192.0.2.1"}, "").Config
	got := fmt.Sprintf("%v %v %s %s", c.NodePodNetworks(), c.NodeIPs(), JoinNetworks(c.PodNetworks()), JoinNetworks(c.ServiceNetworks()))
	if want := "[10.42.0.0/24 fd42::/64] [192.0.2.1 fd42::1] 10.42.0.0/16,fd42::/56 10.43.0.0/16,fd43::/112"; got != want {
		t.Errorf("got %s", got)
	}
	small := resolve(t, []string{"--pod-cidr", "10.42.0.0/16,fd42::/112", "--service-cidr", "10.43.0.0/16,fd43::/112"}, "").Config
	if got := small.NodePodNetwork6().String(); got != "fd42::/112" {
		t.Errorf("the node's pods have %s", got)
	}
}
