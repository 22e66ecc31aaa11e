package components

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/dns"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/ports"
)

// dnsUnit is cluster DNS. It listens where pods see the node and nowhere else: not on the local network. It is asked at
// another port than it listens on, see ports.DNSSocket.
func dnsUnit(c config.Config, admin kubernetes.Interface) lifecycle.Unit {
	options := dnsOptions(c)
	asked := netip.AddrPortFrom(options.Listen.Addr(), config.DNSPort)
	return lifecycle.Unit{
		Name:  clusterDNS,
		After: []string{apiserver},
		Run: func(ctx context.Context) error {
			if err := EnsurePodNetwork(c); err != nil {
				return err
			}
			makeOwn(ctx, clusterDNS, ownWrite{"the Service of cluster DNS", func(ctx context.Context) error { return publishDNS(ctx, admin, options) }})
			listen, err := dns.FindFree(options.Listen)
			if err != nil {
				return err
			}
			options := options
			options.Listen = listen
			if err := dns.Redirect(ctx, asked, listen); err != nil {
				return err
			}
			return dns.Serve(ctx, options)
		},
		Ready: func(ctx context.Context) error {
			name := "kubernetes.default.svc." + config.ClusterDomain
			return dns.Check(ctx, asked, name, c.KubernetesIP())
		},
		StopWithin: time.Second,
	}
}

func dnsOptions(c config.Config) dns.Options {
	return dns.Options{
		Listen:      netip.AddrPortFrom(c.PodGateway(), ports.DNSSocket),
		Service:     c.DNSIP(),
		PodNetwork:  c.PodNetwork,
		Domain:      config.ClusterDomain,
		Reverse:     c.ReverseZones(),
		Kubeconfig:  c.AdminKubeconfig(),
		ResolvConf:  resolvConf,
		ForPods:     podResolvConf,
		DisableIPv6: c.DisableIPv6,
		StubZones:   stubZones(c.StubZones),
		Hosts:       hosts(c.Hosts),
	}
}

func stubZones(all map[string][]netip.AddrPort) (zones []dns.StubZone) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		zones = append(zones, dns.StubZone{Name: name, Servers: texts(all[name])})
	}
	return zones
}

func hosts(all map[string][]netip.Addr) (hosts []dns.Host) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		hosts = append(hosts, dns.Host{Name: name, Addresses: texts(all[name])})
	}
	return hosts
}

func texts[T fmt.Stringer](values []T) (texts []string) {
	for _, value := range values {
		texts = append(texts, value.String())
	}
	return texts
}

const namespacePoll = 20 * time.Millisecond

// publishDNS waits for the namespace: on the first start the API server makes it after it is ready.
func publishDNS(ctx context.Context, admin kubernetes.Interface, options dns.Options) error {
	for {
		err := dns.Publish(ctx, admin, options)
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
