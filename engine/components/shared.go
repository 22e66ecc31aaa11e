package components

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	clientcore "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/record"
)

// newSharedInformers is one view of the cluster for all of the engine's own controllers. It is a copy in
// memory, so it leaves out who wrote which field, a good part of most objects.
func newSharedInformers(admin kubernetes.Interface) informers.SharedInformerFactory {
	return informers.NewSharedInformerFactoryWithOptions(admin, 0, informers.WithTransform(func(object any) (any, error) {
		if accessor, err := meta.Accessor(object); err == nil {
			accessor.SetManagedFields(nil)
		}
		return object, nil
	}))
}

// eventRecorder is for a controller to tell people what it did or can't do. It lives as long as ctx.
func eventRecorder(ctx context.Context, admin kubernetes.Interface, component string) record.EventRecorder {
	return recordEvents(ctx, admin, corev1.EventSource{Component: "kubesolo-" + component})
}

func recordEvents(ctx context.Context, admin kubernetes.Interface, source corev1.EventSource) record.EventRecorderLogger {
	broadcaster := record.NewBroadcaster(record.WithContext(ctx))
	broadcaster.StartRecordingToSink(&clientcore.EventSinkImpl{Interface: admin.CoreV1().Events("")})
	return broadcaster.NewRecorder(scheme.Scheme, source)
}
