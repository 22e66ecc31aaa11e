// Package patches has the tests of what is patched in modules of upstream's, where no test of more than that shows it.
package patches

import (
	"context"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/client-go/kubernetes/scheme"
)

// recreated is a store in which an object gets a successor of its name as soon as it has been updated.
type recreated struct {
	storage.Interface
	first, second *corev1.Pod
	deleted       types.UID
}

func (r *recreated) Versioner() storage.Versioner { return storage.APIObjectVersioner{} }

func (r *recreated) GuaranteedUpdate(_ context.Context, _ string, _ runtime.Object, _ bool, _ *storage.Preconditions,
	update storage.UpdateFunc, _ runtime.Object) error {
	_, _, err := update(r.first.DeepCopy(), storage.ResponseMeta{ResourceVersion: 1})
	return err
}

func (r *recreated) Delete(_ context.Context, key string, _ runtime.Object, preconditions *storage.Preconditions,
	_ storage.ValidateObjectFunc, _ runtime.Object, _ storage.DeleteOptions) error {
	if err := preconditions.Check(key, r.second); err != nil {
		return err
	}
	r.deleted = r.second.UID
	return nil
}

// anything lets every update pass.
type anything struct{ runtime.ObjectTyper }

func (anything) NamespaceScoped() bool                                            { return true }
func (anything) AllowCreateOnUpdate(context.Context) bool                         { return false }
func (anything) AllowUnconditionalUpdate(context.Context) bool                    { return true }
func (anything) PrepareForUpdate(context.Context, runtime.Object, runtime.Object) {}
func (anything) Canonicalize(runtime.Object)                                      {}
func (anything) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string {
	return nil
}
func (anything) ValidateUpdate(context.Context, runtime.Object, runtime.Object) field.ErrorList {
	return nil
}

func TestAnUpdateDeletesOnlyWhatItUpdated(t *testing.T) {
	for name, successor := range map[string]types.UID{"the pod itself": "first", "a pod that has its name since": "second"} {
		t.Run(name, func(t *testing.T) {
			now := metav1.Now()
			store := &recreated{first: pod("first"), second: pod(successor)}
			store.first.DeletionTimestamp, store.first.DeletionGracePeriodSeconds = &now, new(int64)
			pods := registry.Store{
				NewFunc:                  func() runtime.Object { return &corev1.Pod{} },
				KeyFunc:                  func(context.Context, string) (string, error) { return "/pods/shop/web", nil },
				DefaultQualifiedResource: schema.GroupResource{Resource: "pods"},
				UpdateStrategy:           anything{scheme.Scheme},
				DeleteStrategy:           anything{scheme.Scheme},
				Storage:                  registry.DryRunnableStorage{Storage: store},
			}
			patch := rest.DefaultUpdatedObjectInfo(nil, func(_ context.Context, _, old runtime.Object) (runtime.Object, error) {
				changed := old.DeepCopyObject().(*corev1.Pod)
				changed.Labels = map[string]string{"changed": "yes"}
				return changed, nil
			})
			ctx := genericapirequest.WithNamespace(context.Background(), "shop")
			_, _, err := pods.Update(ctx, "web", patch, nil, nil, false, &metav1.UpdateOptions{})
			if isItself := successor == "first"; isItself != (err == nil) || isItself != (store.deleted == "first") || store.deleted == "second" {
				t.Errorf("deleted %q, error %v", store.deleted, err)
			}
		})
	}
}

func pod(uid types.UID) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop", UID: uid, ResourceVersion: "1"}}
}
