package storage

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/ptr"
)

const (
	className         = "local-path"
	fieldManager      = "kubesolo-os"
	annotationDefault = "storageclass.kubernetes.io/is-default-class"
	annotationBeta    = "storageclass.beta.kubernetes.io/is-default-class"
)

// planClass is the class for claims that name none, unless another one is for those already. Pure.
func planClass(present []storagev1.StorageClass) *storagev1.StorageClass {
	class := &storagev1.StorageClass{
		ObjectMeta:           metav1.ObjectMeta{Name: className},
		Provisioner:          ProvisionerName,
		ReclaimPolicy:        ptr.To(corev1.PersistentVolumeReclaimDelete),
		VolumeBindingMode:    ptr.To(storagev1.VolumeBindingWaitForFirstConsumer),
		AllowVolumeExpansion: ptr.To(false),
	}
	if !slices.ContainsFunc(present, isDefault) {
		class.Annotations = map[string]string{annotationDefault: "true"}
	}
	return class
}

func isDefault(class storagev1.StorageClass) bool {
	return class.Annotations[annotationDefault] == "true" || class.Annotations[annotationBeta] == "true"
}

// EnsureClass makes the class when it is missing. One that is there stays as it is: most of a class can't
// be changed, and what can is for people to change.
func EnsureClass(ctx context.Context, client kubernetes.Interface) error {
	classes := client.StorageV1().StorageClasses()
	present, err := classes.List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("cannot list the storage classes: %w", err)
	}
	if slices.ContainsFunc(present.Items, func(class storagev1.StorageClass) bool { return class.Name == className }) {
		return nil
	}
	_, err = classes.Create(ctx, planClass(present.Items), metav1.CreateOptions{FieldManager: fieldManager})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("cannot make the storage class %s: %w", className, err)
	}
	return nil
}

// RemoveClass is for a node without local storage: claims of the class would wait for ever. A class that
// anybody else has written to stays.
func RemoveClass(ctx context.Context, client kubernetes.Interface) error {
	classes := client.StorageV1().StorageClasses()
	class, err := classes.Get(ctx, className, metav1.GetOptions{})
	if apierrors.IsNotFound(err) || (err == nil && !onlyOurs(class)) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read the storage class %s: %w", className, err)
	}
	err = classes.Delete(ctx, className, metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(class.UID))})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("cannot remove the storage class %s: %w", className, err)
	}
	return nil
}

func onlyOurs(class *storagev1.StorageClass) bool {
	foreign := func(entry metav1.ManagedFieldsEntry) bool { return entry.Manager != fieldManager }
	return len(class.ManagedFields) > 0 && !slices.ContainsFunc(class.ManagedFields, foreign)
}
