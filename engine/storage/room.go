package storage

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/cache"
	volumehelpers "k8s.io/component-helpers/storage/volume"
)

// room is what the file system of a place has, and what the volumes there may hold as they were asked for.
type room struct {
	place                               string
	sizeBytes, freeBytes, promisedBytes int64
}

// overpromise names the places whose volumes can't all be filled, or is "". What is free changes with each write, so it isn't in it. Pure.
func overpromise(rooms []room) string {
	var found []string
	for _, each := range rooms {
		if each.promisedBytes > each.sizeBytes {
			found = append(found, fmt.Sprintf("the volumes in %s promise %s, and its disk has %s", each.place, wholeUnits(each.promisedBytes), wholeUnits(each.sizeBytes)))
		}
	}
	return strings.Join(found, "; ")
}

// promised is the sum of our volumes in this place. Pure.
func promised(volumes []*corev1.PersistentVolume, place string) (bytes int64) {
	for _, each := range volumes {
		isOurs := each.Annotations[volumehelpers.AnnDynamicallyProvisioned] == ProvisionerName && each.Spec.Local != nil
		if isOurs && filepath.Dir(each.Spec.Local.Path) == filepath.Clean(place) {
			bytes += each.Spec.Capacity.Storage().Value()
		}
	}
	return bytes
}

// rooms leaves out a place that isn't there: nobody needed it yet, or its file system isn't mounted.
func (p *Provisioner) rooms() (found []room) {
	volumes, err := p.volumes.List(labels.Everything())
	if err != nil { // never: it comes from a cache
		return nil
	}
	for _, place := range []string{p.places.Own, p.places.Shared} {
		if size, free, err := spaceOf(place); place != "" && err == nil {
			found = append(found, room{place, size, free, promised(volumes, place)})
		}
	}
	return found
}

// syncRooms warns when something has changed about it.
func (p *Provisioner) syncRooms(ctx context.Context, _ cache.ObjectName) error {
	message := overpromise(p.rooms())
	if p.warned != nil && *p.warned == message {
		return nil
	}
	if err := p.warn(ctx, message); err != nil {
		return err
	}
	p.warned = &message
	return nil
}

// anyChange has the rooms looked at again.
func anyChange(to queue) cache.ResourceEventHandler {
	note := func() { to.Add(cache.ObjectName{}) }
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { note() },
		UpdateFunc: func(any, any) { note() },
		DeleteFunc: func(any) { note() },
	}
}

var (
	roomSize     = prometheus.NewDesc("kubesolo_storage_size_bytes", "The file system that a place of local volumes is on.", []string{"place"}, nil)
	roomFree     = prometheus.NewDesc("kubesolo_storage_free_bytes", "What is free of it.", []string{"place"}, nil)
	roomPromised = prometheus.NewDesc("kubesolo_storage_promised_bytes", "What the volumes there may hold, as they were asked for; more than the file system has, when claims were.", []string{"place"}, nil)
)

func (p *Provisioner) Describe(descriptions chan<- *prometheus.Desc) {
	for _, each := range []*prometheus.Desc{roomSize, roomFree, roomPromised} {
		descriptions <- each
	}
}

func (p *Provisioner) Collect(found chan<- prometheus.Metric) {
	for _, each := range p.rooms() {
		for what, bytes := range map[*prometheus.Desc]int64{roomSize: each.sizeBytes, roomFree: each.freeBytes, roomPromised: each.promisedBytes} {
			found <- prometheus.MustNewConstMetric(what, prometheus.GaugeValue, float64(bytes), each.place)
		}
	}
}
