package components

import (
	"errors"
	"testing"
	"time"

	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
	kubetesting "k8s.io/client-go/testing"

	"kubesolo-os/engine/lifecycle"
)

func TestARefusedHeartbeatIsToldApart(t *testing.T) {
	nodes := v1.Resource("nodes")
	for _, test := range []struct {
		name    string
		answer  error
		refused bool
	}{
		{"a policy", apierrors.NewForbidden(nodes, "node-1", errors.New("ValidatingAdmissionPolicy 'no' denied request")), true},
		{"a webhook that nobody answers for", apierrors.NewInternalError(errors.New("failed calling webhook \"no\": connection refused")), true},
		{"a broken API server", apierrors.NewInternalError(errors.New("database is locked")), false},
		{"a lost connection", errors.New("connection refused"), false},
		{"none", nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			kubelet := fake.NewClientset(&v1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node-1"}})
			kubelet.PrependReactor("patch", "nodes", func(kubetesting.Action) (bool, runtime.Object, error) {
				return true, &v1.Node{}, test.answer
			})
			h := &heartbeat{admin: kubelet, kubelet: func() (kubernetes.Interface, error) { return kubelet, nil }, name: "node-1"}
			if err := h.remember(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.tried = time.Now().Add(-heartbeatTrials)
			err := h.checkFirst(t.Context())
			if _, refused := errors.AsType[lifecycle.Refused](err); err == nil || refused != test.refused {
				t.Error(err)
			}
		})
	}
}
