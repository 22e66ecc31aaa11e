package components

import (
	"context"
	"time"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
)

func kubeletUnit(c config.Config, admin kubernetes.Interface) lifecycle.Unit {
	heartbeat := &heartbeat{admin: admin, name: c.NodeName}
	return lifecycle.Unit{
		Name:  kubelet,
		After: []string{apiserver, containerd, preload, controllers}, // controllers: see checkVolumePlugins
		Run: func(ctx context.Context) error {
			if err := heartbeat.remember(ctx); err != nil {
				return err
			}
			return runKubelet(ctx, c)
		},
		Ready:      heartbeat.checkReady,
		StopWithin: 2 * time.Second,
	}
}

func kubeletArguments(c config.Config) []string {
	return []string{
		"--kubeconfig=" + pki.Kubeconfig(c, pki.Kubelet),
		"--hostname-override=" + c.NodeName,
		"--node-ip=" + c.NodeIP.String(),
		"--root-dir=" + c.KubeletRoot(),
		"--cert-dir=" + c.PKI(pki.KubeletServer),
	}
}

func runKubelet(ctx context.Context, c config.Config) error {
	flags := options.NewKubeletFlags()
	set := newFlagSet(kubelet)
	flags.AddFlags(set)
	if err := set.Parse(kubeletArguments(c)); err != nil {
		return err
	}
	configuration, err := completeKubelet(kubeletConfiguration(c))
	if err != nil {
		return err
	}
	server := &options.KubeletServer{KubeletFlags: *flags, KubeletConfiguration: *configuration}
	dependencies, err := app.UnsecuredDependencies(ctx, server, utilfeature.DefaultFeatureGate)
	if err != nil {
		return err
	}
	return app.Run(ctx, server, dependencies, utilfeature.DefaultFeatureGate)
}
