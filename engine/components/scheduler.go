package components

import (
	"context"
	"time"

	"k8s.io/kubernetes/cmd/kube-scheduler/app"
	"k8s.io/kubernetes/cmd/kube-scheduler/app/options"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
)

// schedulerUnit is the real one, also for one node: it costs 4 MB and no time, and a simpler one
// would not know of resources, ports and volumes.
func schedulerUnit(c config.Config) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       scheduler,
		After:      []string{apiserver},
		Run:        func(ctx context.Context) error { return runScheduler(ctx, c) },
		StopWithin: 2 * time.Second,
	}
}

func schedulerArguments(c config.Config) []string {
	kubeconfig := pki.Kubeconfig(c, pki.Scheduler)
	return []string{
		"--kubeconfig=" + kubeconfig,
		"--authentication-kubeconfig=" + kubeconfig,
		"--authorization-kubeconfig=" + kubeconfig,
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
	}
}

func runScheduler(ctx context.Context, c config.Config) error {
	opts := options.NewOptions()
	if err := parse(scheduler, opts.Flags.FlagSets, schedulerArguments(c)); err != nil {
		return err
	}
	configuration, instance, err := app.Setup(ctx, opts)
	if err != nil {
		return err
	}
	return app.Run(ctx, configuration, instance)
}
