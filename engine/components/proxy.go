package components

import (
	"context"
	"fmt"
	"time"
	_ "unsafe" // for go:linkname

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/server/flagz"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kube-proxy/config/v1alpha1"
	"k8s.io/kubernetes/cmd/kube-proxy/app"
	internal "k8s.io/kubernetes/pkg/proxy/apis/config"
	"k8s.io/kubernetes/pkg/proxy/apis/config/scheme"
	"k8s.io/utils/ptr"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
	"kubesolo-os/engine/ports"
)

func proxyUnit(c config.Config, admin kubernetes.Interface, proxier *guardedProxier) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       proxy,
		After:      []string{access}, // it needs the node's address, see registerNode
		Run:        func(ctx context.Context) error { return runProxy(ctx, c, admin, proxier) },
		StopWithin: time.Second,
	}
}

// proxyConfiguration is what differs from Kubernetes' defaults.
func proxyConfiguration(c config.Config) *v1alpha1.KubeProxyConfiguration {
	asItIs := &metav1.Duration{}
	written := &v1alpha1.KubeProxyConfiguration{
		HostnameOverride:   c.NodeName,
		BindAddress:        c.NodeIP.String(), // despite its name: the node's address
		Mode:               v1alpha1.ProxyMode(internal.ProxyModeNFTables),
		DetectLocalMode:    v1alpha1.LocalMode(internal.LocalModeClusterCIDR),
		ClusterCIDR:        config.JoinNetworks(c.PodNetworks()),
		HealthzBindAddress: onLoopback(config.ProxyHealthPort),
		MetricsBindAddress: onLoopback(config.ProxyMetricsPort),
		NodePortAddresses:  []string{internal.NodePortAddressesAll, internal.NodePortAddressesLocalhost},
		// Connection tracking is the operating system's to tune.
		Conntrack: v1alpha1.KubeProxyConntrackConfiguration{
			MaxPerCore: ptr.To[int32](0), Min: ptr.To[int32](0),
			TCPEstablishedTimeout: asItIs, TCPCloseWaitTimeout: asItIs,
		},
	}
	written.ClientConnection.Kubeconfig = pki.Kubeconfig(c, pki.Proxy)
	return written
}

// newProxyServer is what upstream's command runs. What it makes can be changed before it runs; what the command makes can't.
//
//go:linkname newProxyServer k8s.io/kubernetes/cmd/kube-proxy/app.newProxyServer
func newProxyServer(context.Context, *internal.KubeProxyConfiguration, string, bool, flagz.Reader) (*app.ProxyServer, error)

func onLoopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

func runProxy(ctx context.Context, c config.Config, admin kubernetes.Interface, proxier *guardedProxier) error {
	written, complete := proxyConfiguration(c), &internal.KubeProxyConfiguration{}
	scheme.Scheme.Default(written) // as reading a configuration file would
	if err := scheme.Scheme.Convert(written, complete, nil); err != nil {
		return err
	}
	server, err := newProxyServer(ctx, complete, "", false, nil)
	if err != nil {
		return err
	}
	guard := &serviceGuard{ports: ports.Of(c), isOfNode: isOfNode}
	events := eventRecorder(ctx, admin, proxy)
	guard.tell = func(service *corev1.Service, why string) {
		events.Event(service, corev1.EventTypeWarning, portRefused, why)
	}
	proxier.use(server.Proxier, guard)
	server.Proxier = proxier
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done(): // Run never returns without an error
		return nil
	}
}
