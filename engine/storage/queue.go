package storage

import (
	"context"
	"errors"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"

	"kubesolo-os/engine/crash"
	"kubesolo-os/engine/logs"
)

const (
	firstRetry = 5 * time.Second // doubles each time, to
	lastRetry  = 5 * time.Minute
)

type queue = workqueue.TypedRateLimitingInterface[cache.ObjectName]

func newQueue() queue {
	return workqueue.NewTypedRateLimitingQueue(
		workqueue.NewTypedItemExponentialFailureRateLimiter[cache.ObjectName](firstRetry, lastRetry))
}

// enqueue notes each object that is of interest when it appears or changes.
func enqueue[Object metav1.Object](to queue, interesting func(Object) bool) cache.ResourceEventHandler {
	note := func(object any) {
		if typed, ok := object.(Object); ok && interesting(typed) {
			to.Add(cache.MetaObjectToName(typed))
		}
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    note,
		UpdateFunc: func(_, object any) { note(object) },
	}
}

// work takes objects from the queue until ctx ends. What fails comes back later.
func work(ctx context.Context, from queue, sync func(context.Context, cache.ObjectName) error) {
	stop := context.AfterFunc(ctx, from.ShutDown)
	defer stop()
	for {
		key, ended := from.Get()
		if ended {
			return
		}
		err := crash.Catch(func() error { return sync(ctx, key) })
		if _, isPanic := errors.AsType[crash.Panic](err); isPanic {
			logs.Line("storage", "%s can't be handled, trying again later: %v", key, err)
		}
		from.Done(key)
		if err == nil {
			from.Forget(key)
			continue
		}
		from.AddRateLimited(key)
	}
}
