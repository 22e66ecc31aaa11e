package components

import (
	"context"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/loadbalancer"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/ports"
)

// loadBalancerUnit gives Services of type LoadBalancer the node's addresses.
func loadBalancerUnit(c config.Config, admin kubernetes.Interface, shared informers.SharedInformerFactory) lifecycle.Unit {
	unit := lifecycle.Unit{Name: loadBalancer, After: []string{apiserver}, StopWithin: time.Second}
	if !c.LoadBalancer {
		unit.Task = true
		unit.Run = func(ctx context.Context) error {
			makeOwn(ctx, loadBalancer, ownWrite{"the end of Services' addresses", func(ctx context.Context) error { return loadbalancer.TakeBack(ctx, admin) }})
			return nil
		}
		return unit
	}
	unit.Run = func(ctx context.Context) error {
		controller, err := loadbalancer.New(admin, shared, eventRecorder(ctx, admin, loadBalancer), c.NodeName, c.LoadBalancerIP, ports.Of(c), node.Network{IPv6: c.IsDualStack()})
		if err != nil {
			return err
		}
		shared.StartWithContext(ctx)
		controller.Run(ctx)
		return nil
	}
	return unit
}
