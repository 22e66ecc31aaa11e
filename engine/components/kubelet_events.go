package components

import (
	"context"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/record"
	"k8s.io/kubernetes/pkg/kubelet/events"
)

// kubeletEvents is the recorder that the kubelet would make, but for one event: it collects images' garbage before it has
// statistics, and warns at each start of a file system without capacity.
type kubeletEvents struct {
	record.EventRecorderLogger
	isTold atomic.Bool // the first one, to nobody
}

func newKubeletEvents(ctx context.Context, admin kubernetes.Interface, node string) *kubeletEvents {
	return &kubeletEvents{EventRecorderLogger: recordEvents(ctx, admin, corev1.EventSource{Component: kubelet, Host: node})}
}

// Eventf leaves out the first warning of that kind: a later one is true.
func (e *kubeletEvents) Eventf(object runtime.Object, kind, reason, format string, args ...any) {
	if reason == events.InvalidDiskCapacity && e.isTold.CompareAndSwap(false, true) {
		return
	}
	e.EventRecorderLogger.Eventf(object, kind, reason, format, args...)
}
