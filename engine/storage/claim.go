package storage

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	volumehelpers "k8s.io/component-helpers/storage/volume"
)

// annotationProvisioner is how Kubernetes' volume controller asks a provisioner for a volume. It still
// sets annotationProvisionerBeta beside it.
const (
	annotationProvisioner     = "volume.kubernetes.io/storage-provisioner"
	annotationProvisionerBeta = volumehelpers.AnnBetaStorageProvisioner
)

// wantsVolume says whether the claim is one that waits for a volume of ours. Pure.
func wantsVolume(claim *corev1.PersistentVolumeClaim) bool {
	asked := claim.Annotations[annotationProvisioner] == ProvisionerName ||
		claim.Annotations[annotationProvisionerBeta] == ProvisionerName
	return asked && claim.Spec.VolumeName == "" && claim.DeletionTimestamp == nil
}

// waitsForPod says whether the volume is to be made only when a pod needs it, and none does yet. Which
// node the scheduler has selected doesn't matter: there is one, and its name may have changed since. Pure.
func waitsForPod(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) bool {
	immediate := class.VolumeBindingMode == nil || *class.VolumeBindingMode == storagev1.VolumeBindingImmediate
	return !immediate && claim.Annotations[volumehelpers.AnnSelectedNode] == ""
}

// refusal is why there can be no such volume, and what to do about it; "" when there can. Whatever is not
// understood is refused: a volume that is not what was asked for loses data later. Pure.
func refusal(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass, places Places) string {
	spec := claim.Spec
	switch {
	case spec.VolumeMode != nil && *spec.VolumeMode != corev1.PersistentVolumeFilesystem:
		return fmt.Sprintf("volumes of the class %q are folders: set volumeMode to Filesystem instead of %s", class.Name, *spec.VolumeMode)
	case spec.Selector != nil:
		return fmt.Sprintf("a selector chooses among volumes that exist, and the class %q makes new ones: remove spec.selector", class.Name)
	case spec.DataSource != nil || spec.DataSourceRef != nil:
		return fmt.Sprintf("volumes of the class %q start empty: remove spec.dataSource and spec.dataSourceRef, and copy the data with a pod", class.Name)
	case spec.VolumeAttributesClassName != nil && *spec.VolumeAttributesClassName != "":
		return fmt.Sprintf("volumes of the class %q have no attributes to choose: remove spec.volumeAttributesClassName", class.Name)
	case len(class.Parameters) > 0:
		return fmt.Sprintf("the class %q has parameters, and the provisioner %s knows none: remove %s", class.Name, ProvisionerName, strings.Join(slices.Sorted(maps.Keys(class.Parameters)), ", "))
	}
	if mode, found := sharedMode(claim); found && places.Shared == "" {
		return fmt.Sprintf("access mode %s needs a place for shared volumes: name one with --local-storage-shared-path, or ask for ReadWriteOnce, which all pods of this one node can use at once", mode)
	}
	return ""
}

// sharedMode is the claim's first access mode that is for more than one node. Pure.
func sharedMode(claim *corev1.PersistentVolumeClaim) (corev1.PersistentVolumeAccessMode, bool) {
	for _, mode := range claim.Spec.AccessModes {
		if mode != corev1.ReadWriteOnce && mode != corev1.ReadWriteOncePod {
			return mode, true
		}
	}
	return "", false
}

// oversize is for a claim that asks for more bytes than are free, or "". Nothing limits a volume later, so this is the last moment to
// tell that it can't hold what it promises. Pure.
func oversize(claim *corev1.PersistentVolumeClaim, place string, freeBytes int64) string {
	request := claim.Spec.Resources.Requests[corev1.ResourceStorage]
	if request.Value() <= freeBytes {
		return ""
	}
	return fmt.Sprintf("%s are asked for, and %s are free in %s", request.String(), wholeUnits(freeBytes), place)
}

// wholeUnits is coarse, so that an event about the same trouble has the same text and is counted only.
func wholeUnits(bytes int64) string {
	const mebibyte, gibibyte = 1 << 20, 1 << 30
	if bytes < 10*gibibyte {
		return fmt.Sprintf("%dMi", bytes/mebibyte)
	}
	return fmt.Sprintf("%dGi", bytes/gibibyte)
}
