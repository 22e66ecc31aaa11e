package components

import (
	"context"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	clientcore "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/record"
	"k8s.io/kubernetes/pkg/kubelet/events"
)

// kubeletEvents is the recorder that the kubelet would make, but for one event: it collects images' garbage before it has
// statistics, and warns at each start of a file system without capacity.
type kubeletEvents struct {
	record.EventRecorderLogger
	first sync.Once
}

func newKubeletEvents(ctx context.Context, admin kubernetes.Interface, node string) *kubeletEvents {
	broadcaster := record.NewBroadcaster(record.WithContext(ctx))
	broadcaster.StartRecordingToSink(&clientcore.EventSinkImpl{Interface: admin.CoreV1().Events("")})
	source := corev1.EventSource{Component: kubelet, Host: node}
	return &kubeletEvents{EventRecorderLogger: broadcaster.NewRecorder(scheme.Scheme, source)}
}

// Eventf leaves out the first warning of that kind: a later one is true.
func (e *kubeletEvents) Eventf(object runtime.Object, kind, reason, format string, args ...any) {
	isFirst := false
	if reason == events.InvalidDiskCapacity {
		e.first.Do(func() { isFirst = true })
	}
	if !isFirst {
		e.EventRecorderLogger.Eventf(object, kind, reason, format, args...)
	}
}
