package datastore

import (
	"context"
	"sync"
	"time"

	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
)

// Events are all that Kubernetes keeps for a limited time.
const events, eventsEnd, eventsPage = "/registry/events/", "/registry/events0", 500

// Aged lets events go when their time is over, however often the engine was started since. kine notes how long a key is
// to live, and not since when: at each start it lists all keys, without their values, and gives each its whole time again
// (kine v0.17.5, pkg/ttl/ttl.go, seed). Here such a list says what is left of it.
type Aged struct {
	logstructured.Log
	Now func() time.Time

	once sync.Once
	left map[string]int64 // of an event's key: seconds
}

// List is that of the log, but for how long events still live.
func (a *Aged) List(ctx context.Context, key, end string, limit, revision int64, includeDeletes, keysOnly bool) (server.EventBatch, error) {
	batch, err := a.Log.List(ctx, key, end, limit, revision, includeDeletes, keysOnly)
	isOfAll := keysOnly && (key == "" || end == "0") // a page of that list; nobody else asks so
	if err != nil || !isOfAll {
		return batch, err
	}
	for _, event := range batch.Events {
		if event.KV == nil || event.KV.Lease <= 0 {
			continue
		}
		a.once.Do(func() { a.left = a.readLeft(ctx) })
		if left, found := a.left[event.KV.Key]; found {
			event.KV.Lease = min(event.KV.Lease, left)
		}
	}
	if int64(len(batch.Events)) < limit { // the last page
		a.left = nil
	}
	return batch, nil
}

// readLeft leaves out what can't be read: it lives as long as if it was new.
func (a *Aged) readLeft(ctx context.Context) map[string]int64 {
	left := map[string]int64{}
	for key := events; ; {
		batch, err := a.Log.List(ctx, key, eventsEnd, eventsPage, 0, false, false)
		if err != nil {
			return left
		}
		for _, event := range batch.Events {
			if lifetime, found := lifetimeLeft(event.KV.Value, event.KV.Lease, a.Now()); found {
				left[event.KV.Key] = lifetime
			}
			key = event.KV.Key + "\x00"
		}
		if len(batch.Events) < eventsPage {
			return left
		}
	}
}

// lifetimeLeft is at least one second: kine takes 0 for ever. Pure.
func lifetimeLeft(value []byte, lease int64, now time.Time) (seconds int64, found bool) {
	object, err := decode(value)
	if err != nil {
		return 0, false
	}
	written := lastChange(object)
	if written.IsZero() || written.After(now) { // the clock was set back
		return lease, true
	}
	return max(lease-int64(now.Sub(written)/time.Second), 1), true
}

// lastChange is when the object was written last, as far as it says so itself. Pure.
func lastChange(object runtime.Object) (last time.Time) {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return last
	}
	times := []time.Time{accessor.GetCreationTimestamp().Time}
	for _, entry := range accessor.GetManagedFields() {
		if entry.Time != nil {
			times = append(times, entry.Time.Time)
		}
	}
	if event, isEvent := object.(*corev1.Event); isEvent {
		times = append(times, event.LastTimestamp.Time)
		if event.Series != nil {
			times = append(times, event.Series.LastObservedTime.Time)
		}
	}
	for _, each := range times {
		if each.After(last) {
			last = each
		}
	}
	return last
}
