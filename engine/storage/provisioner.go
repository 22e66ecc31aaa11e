// Package storage makes the volumes that pods claim: folders on the node's disk, with the class local-path.
// It follows the protocol of Kubernetes' external provisioners, in the engine's own process.
package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	volumehelpers "k8s.io/component-helpers/storage/volume"
)

// ProvisionerName is that of the common provisioner for such volumes: the classes and volumes that people
// bring with them name it.
const ProvisionerName = "rancher.io/local-path"

// Provisioner makes and removes volumes. What it can't do, it says in events of the claim or the volume.
type Provisioner struct {
	client kubernetes.Interface
	events record.EventRecorder
	places Places
	// Claims larger than what is free are refused: charts ask for more than small disks have, and elsewhere they install.
	isStrict bool
	node     string // its name, and the value of its label kubernetes.io/hostname
	claims   corelisters.PersistentVolumeClaimLister
	volumes  corelisters.PersistentVolumeLister
	synced   []cache.InformerSynced

	// What is to be said of volumes that promise more than there is; "" when they don't. What was said last, nil before.
	warn   func(ctx context.Context, message string) error
	warned *string

	claimQueue, volumeQueue, roomQueue queue
}

// New needs to be called before the factory is started.
func New(client kubernetes.Interface, factory informers.SharedInformerFactory, events record.EventRecorder, warn func(context.Context, string) error, places Places, isStrict bool, node string) (*Provisioner, error) {
	claims, volumes := factory.Core().V1().PersistentVolumeClaims(), factory.Core().V1().PersistentVolumes()
	p := &Provisioner{
		client: client, events: events, warn: warn, places: places, isStrict: isStrict, node: node,
		claims: claims.Lister(), volumes: volumes.Lister(),
		synced:     []cache.InformerSynced{claims.Informer().HasSynced, volumes.Informer().HasSynced},
		claimQueue: newQueue(), volumeQueue: newQueue(), roomQueue: newQueue(),
	}
	_, err := claims.Informer().AddEventHandler(enqueue(p.claimQueue, wantsVolume))
	if err != nil {
		return nil, err
	}
	if _, err = volumes.Informer().AddEventHandler(enqueue(p.volumeQueue, needsAction)); err != nil {
		return nil, err
	}
	_, err = volumes.Informer().AddEventHandler(anyChange(p.roomQueue))
	return p, err
}

// Run works until ctx ends. Removing a big volume takes a while; claims don't wait for it.
func (p *Provisioner) Run(ctx context.Context) {
	if !cache.WaitForCacheSync(ctx.Done(), p.synced...) {
		return
	}
	p.roomQueue.Add(cache.ObjectName{}) // a warning of an earlier run may be over
	var workers sync.WaitGroup
	workers.Go(func() { work(ctx, p.claimQueue, p.syncClaim) })
	workers.Go(func() { work(ctx, p.volumeQueue, p.syncVolume) })
	workers.Go(func() { work(ctx, p.roomQueue, p.syncRooms) })
	workers.Wait()
}

func (p *Provisioner) syncClaim(ctx context.Context, key cache.ObjectName) error {
	claim, err := p.claims.PersistentVolumeClaims(key.Namespace).Get(key.Name)
	if err != nil || !wantsVolume(claim) { // no error but "not found" comes from a cache
		return nil
	}
	class, err := p.client.StorageV1().StorageClasses().Get(ctx, volumehelpers.GetPersistentVolumeClaimClass(claim), metav1.GetOptions{})
	if err != nil {
		return p.failed(claim, fmt.Errorf("cannot read the claim's storage class: %w", err))
	}
	if waitsForPod(claim, class) {
		return nil
	}
	if reason := refusal(claim, class, p.places); reason != "" {
		p.events.Event(claim, corev1.EventTypeWarning, "ProvisioningFailed", reason)
		return nil // it takes a person to change that
	}
	return p.failed(claim, p.provision(ctx, claim, class))
}

func (p *Provisioner) failed(claim *corev1.PersistentVolumeClaim, err error) error {
	if err != nil {
		p.events.Event(claim, corev1.EventTypeWarning, "ProvisioningFailed", err.Error())
	}
	return err
}

func (p *Provisioner) provision(ctx context.Context, claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) error {
	place := p.places.of(claim)
	if err := p.openPlace(place); err != nil {
		return err
	}
	_, free, err := spaceOf(place)
	if err != nil {
		return err
	}
	large := oversize(claim, place, free)
	if large != "" && p.isStrict {
		return errors.New(large + ": ask for less, or delete what is not needed; it is tried again")
	}
	volume := planVolume(claim, class, p.places, p.node)
	if err := makeFolder(place, folderName(volume.Name, claim)); err != nil {
		return fmt.Errorf("cannot make the folder of the volume: %w", err)
	}
	_, err = p.client.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{FieldManager: fieldManager})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot make the volume %s: %w", volume.Name, err)
	}
	if large != "" {
		p.events.Event(claim, corev1.EventTypeWarning, "VolumeLargerThanDisk", large+": the volume is there, and full before it holds that much")
	}
	p.events.Eventf(claim, corev1.EventTypeNormal, "ProvisioningSucceeded", "made the volume %s in %s", volume.Name, volume.Spec.Local.Path)
	return nil
}

// openPlace makes our own place when it is missing. The shared one is somebody else's: when it is missing,
// its file system is probably not mounted.
func (p *Provisioner) openPlace(place string) error {
	if place == p.places.Own {
		return os.MkdirAll(place, 0o700)
	}
	status, err := os.Stat(place)
	if err != nil {
		return fmt.Errorf("cannot use the place for shared volumes: %w: mount it, or correct --local-storage-shared-path", err)
	}
	if !status.IsDir() {
		return fmt.Errorf("the place for shared volumes, %s, is not a folder: correct --local-storage-shared-path", place)
	}
	return nil
}
