package components

import (
	"context"
	"time"

	"k8s.io/kubernetes/cmd/kube-proxy/app"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
)

func proxyUnit(c config.Config) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       proxy,
		After:      []string{access}, // it needs the node's address, see registerNode
		Run:        func(ctx context.Context) error { return runProxy(ctx, c) },
		StopWithin: time.Second,
	}
}

func proxyArguments(c config.Config) []string {
	return []string{
		"--kubeconfig=" + pki.Kubeconfig(c, pki.Proxy),
		"--hostname-override=" + c.NodeName,
		"--bind-address=" + c.NodeIP.String(), // despite its name: the node's address
		"--proxy-mode=nftables",
		"--cluster-cidr=" + config.PodNetwork,
		"--healthz-bind-address=127.0.0.1:10256",
		"--metrics-bind-address=127.0.0.1:10249",
		// Connection tracking is the operating system's to tune.
		"--conntrack-max-per-core=0",
		"--conntrack-min=0",
		"--conntrack-tcp-timeout-established=0s",
		"--conntrack-tcp-timeout-close-wait=0s",
	}
}

func runProxy(ctx context.Context, c config.Config) error {
	opts := app.NewOptions()
	flags := newFlagSet(proxy)
	opts.AddFlags(flags)
	if err := flags.Parse(proxyArguments(c)); err != nil {
		return err
	}
	if err := opts.Complete(flags); err != nil {
		return err
	}
	if err := opts.Validate(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- opts.Run(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done(): // Run never returns without an error
		return nil
	}
}
