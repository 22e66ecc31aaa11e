package components

import (
	"context"
	"errors"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
	"k8s.io/kubernetes/pkg/volume/csi"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
)

func controllersUnit(c config.Config) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       controllers,
		After:      []string{access},
		Run:        func(ctx context.Context) error { return runControllers(ctx, c) },
		Ready:      checkVolumePlugins,
		StopWithin: 2 * time.Second,
	}
}

// checkVolumePlugins: the attach-detach controller is built. In one process, it and the kubelet share
// global variables of the CSI volume plugin, and the last one to set them must be the kubelet. The other
// way round, CSI drivers can't register, and the node stays NotReady with "failed to initialize CSINode".
func checkVolumePlugins(context.Context) error {
	if csi.GetNodeInfoManager() == nil {
		return errors.New("the volume plugins are not set up yet")
	}
	return nil
}

// accountsUnit is ready when the controllers have made what every pod needs; until then none can be
// created in the default namespace.
func accountsUnit(admin kubernetes.Interface) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  accounts,
		After: []string{controllers},
		Run: func(ctx context.Context) error {
			<-ctx.Done()
			return nil
		},
		Ready: func(ctx context.Context) error {
			_, err := admin.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
			return err
		},
		StopWithin: time.Second,
	}
}

func controllersArguments(c config.Config) []string {
	return []string{
		"--kubeconfig=" + pki.Kubeconfig(c, pki.Controllers),
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
		"--use-service-account-credentials=false", // see asControllers
		// The default of 20 requests a second makes a new node wait for its first objects.
		"--kube-api-qps=200",
		"--kube-api-burst=400",
		"--root-ca-file=" + pki.Certificate(c, pki.CA),
		"--service-account-private-key-file=" + pki.Key(c, pki.ServiceAccount),
		"--cluster-signing-cert-file=" + pki.Certificate(c, pki.CA),
		"--cluster-signing-key-file=" + pki.Key(c, pki.CA),
		"--allocate-node-cidrs=false",
		"--configure-cloud-routes=false",
		"--flex-volume-plugin-dir=" + c.VolumePlugins(), // the default is on the read-only system
	}
}

func runControllers(ctx context.Context, c config.Config) error {
	manager, err := options.NewKubeControllerManagerOptions()
	if err != nil {
		return err
	}
	all, disabled, aliases := app.KnownControllers(), app.ControllersDisabledByDefault(), app.ControllerAliases()
	flags := manager.Flags(all, disabled, aliases)
	manager.ParsedFlags = &flags
	if err := parse(controllers, flags.FlagSets, controllersArguments(c)); err != nil {
		return err
	}
	configuration, err := manager.Config(ctx, all, disabled, aliases)
	if err != nil {
		return err
	}
	administrator, err := adminTransport(c)
	if err != nil {
		return err
	}
	configuration.Kubeconfig.Wrap(asControllers(controllerNames(), administrator))
	return app.Run(ctx, configuration.Complete())
}
