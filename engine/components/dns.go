package components

import (
	"context"
	"net/netip"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/dns"
	"kubesolo-os/engine/lifecycle"
)

// dnsUnit is cluster DNS. It listens where pods see the node and nowhere else: not on the local network.
func dnsUnit(c config.Config, admin kubernetes.Interface) lifecycle.Unit {
	options := dnsOptions(c)
	return lifecycle.Unit{
		Name:  clusterDNS,
		After: []string{apiserver},
		Run: func(ctx context.Context) error {
			if err := EnsurePodNetwork(c); err != nil {
				return err
			}
			makeOwn(ctx, clusterDNS, ownWrite{"the Service of cluster DNS", func(ctx context.Context) error { return publishDNS(ctx, admin) }})
			return dns.Serve(ctx, options)
		},
		Ready: func(ctx context.Context) error {
			name := "kubernetes.default.svc." + config.ClusterDomain
			return dns.Check(ctx, options.Listen, name, netip.MustParseAddr(config.KubernetesIP))
		},
		StopWithin: time.Second,
	}
}

func dnsOptions(c config.Config) dns.Options {
	return dns.Options{
		Listen:      netip.AddrPortFrom(netip.MustParseAddr(config.DNSEndpoint), 53),
		Service:     netip.MustParseAddr(config.DNSIP),
		PodNetwork:  netip.MustParsePrefix(config.PodNetwork),
		Domain:      config.ClusterDomain,
		Reverse:     []string{"42.10.in-addr.arpa", "43.10.in-addr.arpa"}, // of PodNetwork and ServiceNetwork
		Kubeconfig:  c.AdminKubeconfig(),
		ResolvConf:  resolvConf,
		DisableIPv6: c.DisableIPv6,
	}
}

const namespacePoll = 20 * time.Millisecond

// publishDNS waits for the namespace: on the first start the API server makes it after it is ready.
func publishDNS(ctx context.Context, admin kubernetes.Interface) error {
	for {
		err := dns.Publish(ctx, admin)
		if !apierrors.IsNotFound(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(namespacePoll):
		}
	}
}
