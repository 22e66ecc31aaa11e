package components

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/storage"
)

var volumesLargerThanDisk = nodeWarning{
	condition: "VolumesLargerThanDisk", reason: "MorePromisedThanThere",
	noReason: "VolumesFit", allFine: "the disk holds what the volumes promise",
}

// localStorageUnit makes the volumes that pods claim.
func localStorageUnit(c config.Config, admin kubernetes.Interface, shared informers.SharedInformerFactory) lifecycle.Unit {
	unit := lifecycle.Unit{Name: localStorage, After: []string{apiserver}, StopWithin: time.Second}
	if !c.LocalStorage {
		unit.Task = true
		unit.Run = func(ctx context.Context) error {
			makeOwn(ctx, localStorage, ownWrite{"the end of the storage class", func(ctx context.Context) error { return storage.RemoveClass(ctx, admin) }})
			return nil
		}
		return unit
	}
	classTried := make(chan struct{})
	unit.Run = func(ctx context.Context) error {
		makeOwn(ctx, localStorage, ownWrite{"the storage class", func(ctx context.Context) error { return storage.EnsureClass(ctx, admin) }})
		close(classTried)
		places := storage.Places{Own: c.LocalVolumes(), Shared: c.SharedPath}
		warn := func(ctx context.Context, message string) error {
			return volumesLargerThanDisk.set(ctx, admin, c.NodeName, message, time.Now())
		}
		provisioner, err := storage.New(admin, shared, eventRecorder(ctx, admin, localStorage), warn, places, c.StrictStorage, c.NodeName)
		if err != nil {
			return err
		}
		if err := prometheus.Register(provisioner); err != nil {
			return err
		}
		shared.StartWithContext(ctx)
		provisioner.Run(ctx)
		return nil
	}
	unit.Ready = func(context.Context) error {
		select {
		case <-classTried:
			return nil
		default:
			return errors.New("its storage class is not made yet")
		}
	}
	return unit
}
