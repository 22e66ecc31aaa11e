package storage

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	volumehelpers "k8s.io/component-helpers/storage/volume"
)

// finalizer keeps the object of a volume until its folder is gone, also when the object is deleted before
// its claim. All external provisioners use this name.
const finalizer = "external-provisioner.volume.kubernetes.io/finalizer"

// longestName of a file on Linux, in bytes (NAME_MAX).
const longestName = 255

// Places are the folders that hold the volumes' folders.
type Places struct {
	Own    string // of volumes for one node
	Shared string // of volumes for several; "" means: there are none
}

// of is where the claim's volume belongs. Pure.
func (p Places) of(claim *corev1.PersistentVolumeClaim) string {
	if _, shared := sharedMode(claim); shared {
		return p.Shared
	}
	return p.Own
}

// folderName is what people know from other systems with this provisioner: the volume's name and whose it
// is. The claim's namespace and name are DNS names, so no path can hide in them. Pure.
func folderName(volumeName string, claim *corev1.PersistentVolumeClaim) string {
	name := strings.Join([]string{volumeName, claim.Namespace, claim.Name}, "_")
	return name[:min(len(name), longestName)]
}

// planVolume is the object for the claim's volume. A local volume, not a hostPath one: the kubelet gives
// it to the pod's fsGroup, and refuses to start a pod when its folder is missing. Pure.
func planVolume(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass, places Places, node string) *corev1.PersistentVolume {
	name := "pvc-" + string(claim.UID)
	filesystem := corev1.PersistentVolumeFilesystem
	volume := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        name,
			Annotations: map[string]string{volumehelpers.AnnDynamicallyProvisioned: ProvisionerName},
		},
		Spec: corev1.PersistentVolumeSpec{
			StorageClassName:              class.Name,
			PersistentVolumeReclaimPolicy: reclaimPolicy(class),
			AccessModes:                   claim.Spec.AccessModes,
			VolumeMode:                    &filesystem,
			MountOptions:                  class.MountOptions,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				Local: &corev1.LocalVolumeSource{Path: filepath.Join(places.of(claim), folderName(name, claim))},
			},
			NodeAffinity: onNode(node),
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID, ResourceVersion: claim.ResourceVersion,
			},
		},
	}
	if volume.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete {
		volume.Finalizers = []string{finalizer}
	}
	return volume
}

func reclaimPolicy(class *storagev1.StorageClass) corev1.PersistentVolumeReclaimPolicy {
	if class.ReclaimPolicy == nil {
		return corev1.PersistentVolumeReclaimDelete
	}
	return *class.ReclaimPolicy
}

func onNode(name string) *corev1.VolumeNodeAffinity {
	return &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{
		NodeSelectorTerms: []corev1.NodeSelectorTerm{{
			MatchExpressions: []corev1.NodeSelectorRequirement{{
				Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{name},
			}},
		}},
	}}
}

// action is what a volume of ours needs.
type action string

const (
	nothing   action = ""
	reclaim   action = "reclaim"   // remove the folder, then the object
	protect   action = "protect"   // add the finalizer
	unprotect action = "unprotect" // remove the finalizer: the folder stays
)

func needsAction(volume *corev1.PersistentVolume) bool { return decide(volume) != nothing }

// decide follows the volume's phase and its policy, which people may change at any time. Pure.
func decide(volume *corev1.PersistentVolume) action {
	if volume.Annotations[volumehelpers.AnnDynamicallyProvisioned] != ProvisionerName {
		return nothing
	}
	protected := slices.Contains(volume.Finalizers, finalizer)
	ending := volume.DeletionTimestamp != nil
	switch {
	case volume.Spec.PersistentVolumeReclaimPolicy != corev1.PersistentVolumeReclaimDelete:
		if protected {
			return unprotect
		}
	case volume.Status.Phase == corev1.VolumeReleased && (protected || !ending):
		return reclaim
	case !protected && !ending:
		return protect
	}
	return nothing
}

// folderOf is where the volume's data is: one of our places and a name in it. Only a folder that bears
// the volume's own name is ever removed; an object may say anything. Pure.
func folderOf(volume *corev1.PersistentVolume, places Places) (place, name string, err error) {
	var path string
	switch {
	case volume.Spec.Local != nil:
		path = volume.Spec.Local.Path
	case volume.Spec.HostPath != nil: // made by an earlier system with this provisioner
		path = volume.Spec.HostPath.Path
	}
	place, name = filepath.Dir(path), filepath.Base(path)
	known := place == places.Own || (place == places.Shared && places.Shared != "")
	if !known || !strings.HasPrefix(name, volume.Name+"_") {
		return "", "", fmt.Errorf("%q is not a folder that was made for this volume: remove it yourself, then set persistentVolumeReclaimPolicy to Retain and delete the volume", path)
	}
	return place, name, nil
}
