package main

import (
	"context"
	"fmt"
	"time"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// provision has the driver make a volume for each claim of its class, and remove it after the claim.
func provision(ctx context.Context) error {
	cluster, err := ownCluster()
	if err != nil {
		return err
	}
	connection, err := grpc.NewClient("unix://"+driverSocket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	driver := csi.NewControllerClient(connection)
	for ; ctx.Err() == nil; time.Sleep(time.Second) {
		// The API server may be away: it is asked again.
		if err := provisionOnce(ctx, cluster, driver); err != nil {
			fmt.Println(err)
		}
	}
	return nil
}

func provisionOnce(ctx context.Context, cluster kubernetes.Interface, driver csi.ControllerClient) error {
	claims, err := cluster.CoreV1().PersistentVolumeClaims("").List(ctx, meta.ListOptions{})
	if err != nil {
		return err
	}
	for _, claim := range claims.Items {
		if claim.Spec.VolumeName != "" || claim.Annotations["volume.kubernetes.io/storage-provisioner"] != driverName {
			continue
		}
		name := "pvc-" + string(claim.UID)
		if _, err := driver.CreateVolume(ctx, &csi.CreateVolumeRequest{Name: name}); err != nil {
			return err
		}
		_, err := cluster.CoreV1().PersistentVolumes().Create(ctx, volumeOf(&claim, name), meta.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
	}
	return removeReleased(ctx, cluster, driver)
}

func removeReleased(ctx context.Context, cluster kubernetes.Interface, driver csi.ControllerClient) error {
	all, err := cluster.CoreV1().PersistentVolumes().List(ctx, meta.ListOptions{})
	if err != nil {
		return err
	}
	for _, volume := range all.Items {
		if volume.Status.Phase != core.VolumeReleased || volume.Spec.CSI == nil || volume.Spec.CSI.Driver != driverName {
			continue
		}
		if _, err := driver.DeleteVolume(ctx, &csi.DeleteVolumeRequest{VolumeId: volume.Spec.CSI.VolumeHandle}); err != nil {
			return err
		}
		if err := cluster.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, meta.DeleteOptions{}); err != nil {
			return err
		}
	}
	return nil
}

func volumeOf(claim *core.PersistentVolumeClaim, name string) *core.PersistentVolume {
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: name, Annotations: map[string]string{"pv.kubernetes.io/provisioned-by": driverName}},
		Spec: core.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      claim.Spec.Resources.Requests,
			StorageClassName:              *claim.Spec.StorageClassName,
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			ClaimRef: &core.ObjectReference{APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID},
			PersistentVolumeSource: core.PersistentVolumeSource{
				CSI: &core.CSIPersistentVolumeSource{Driver: driverName, VolumeHandle: name},
			},
		},
	}
}
