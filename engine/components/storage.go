package components

import (
	"context"
	"errors"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/storage"
)

// localStorageUnit makes the volumes that pods claim.
func localStorageUnit(c config.Config, admin kubernetes.Interface, shared informers.SharedInformerFactory) lifecycle.Unit {
	unit := lifecycle.Unit{Name: localStorage, After: []string{apiserver}, StopWithin: time.Second}
	if !c.LocalStorage {
		unit.Task = true
		unit.Run = func(ctx context.Context) error { return storage.RemoveClass(ctx, admin) }
		return unit
	}
	classMade := make(chan struct{})
	unit.Run = func(ctx context.Context) error {
		if err := storage.EnsureClass(ctx, admin); err != nil {
			return err
		}
		close(classMade)
		places := storage.Places{Own: c.LocalVolumes(), Shared: c.SharedPath}
		provisioner, err := storage.New(admin, shared, eventRecorder(ctx, admin, localStorage), places, c.NodeName)
		if err != nil {
			return err
		}
		shared.StartWithContext(ctx)
		provisioner.Run(ctx)
		return nil
	}
	unit.Ready = func(context.Context) error {
		select {
		case <-classMade:
			return nil
		default:
			return errors.New("its storage class is not made yet")
		}
	}
	return unit
}
