package components

import (
	"context"
	"time"

	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app/options"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
)

func controllersUnit(c config.Config) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       controllers,
		After:      []string{apiserver},
		Run:        func(ctx context.Context) error { return runControllers(ctx, c) },
		StopWithin: 2 * time.Second,
	}
}

func controllersArguments(c config.Config) []string {
	return []string{
		"--kubeconfig=" + pki.Kubeconfig(c, pki.Controllers),
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
		// Each controller as its own service account: the certificate's user has hardly any rights.
		"--use-service-account-credentials=true",
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
	return app.Run(ctx, configuration.Complete())
}
