package storage

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
)

func (p *Provisioner) syncVolume(ctx context.Context, key cache.ObjectName) error {
	volume, err := p.volumes.Get(key.Name)
	if err != nil { // it is gone: no other error comes from a cache
		return nil
	}
	err = p.act(ctx, volume)
	switch {
	case apierrors.IsNotFound(err):
		return nil
	case err != nil && !apierrors.IsConflict(err): // a conflict: the volume has just changed
		p.events.Event(volume, corev1.EventTypeWarning, "VolumeFailedDelete", err.Error())
	}
	return err
}

func (p *Provisioner) act(ctx context.Context, volume *corev1.PersistentVolume) error {
	switch decide(volume) {
	case reclaim:
		return p.reclaim(ctx, volume)
	case protect:
		return p.setFinalizers(ctx, volume, append(slices.Clone(volume.Finalizers), finalizer))
	case unprotect:
		return p.setFinalizers(ctx, volume, withoutOurs(volume.Finalizers))
	case nothing:
	}
	return nil
}

// reclaim removes the folder before the object: after a power loss, the object tells what is left to do.
func (p *Provisioner) reclaim(ctx context.Context, volume *corev1.PersistentVolume) error {
	place, name, err := folderOf(volume, p.places)
	if err != nil {
		return err
	}
	if err := p.openPlace(place); err != nil {
		return err
	}
	if err := removeFolder(place, name); err != nil {
		return err
	}
	if err := p.setFinalizers(ctx, volume, withoutOurs(volume.Finalizers)); err != nil {
		return err
	}
	options := metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(volume.UID))}
	return p.client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, options)
}

func (p *Provisioner) setFinalizers(ctx context.Context, volume *corev1.PersistentVolume, finalizers []string) error {
	changed := volume.DeepCopy()
	changed.Finalizers = finalizers
	_, err := p.client.CoreV1().PersistentVolumes().Update(ctx, changed, metav1.UpdateOptions{FieldManager: fieldManager})
	return err
}

func withoutOurs(finalizers []string) []string {
	return slices.DeleteFunc(slices.Clone(finalizers), func(name string) bool { return name == finalizer })
}
