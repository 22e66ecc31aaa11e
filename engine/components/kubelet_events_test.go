package components

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/record"
	"k8s.io/kubernetes/pkg/kubelet/events"
)

func TestTheFirstWarningOfNoCapacityIsLeftOut(t *testing.T) {
	told := record.NewFakeRecorder(10)
	recorder := &kubeletEvents{EventRecorderLogger: told}
	for range 2 {
		recorder.Eventf(&corev1.Node{}, corev1.EventTypeWarning, events.InvalidDiskCapacity, "%s", "none")
		recorder.Eventf(&corev1.Node{}, corev1.EventTypeWarning, events.KubeletSetupFailed, "%s", "failed")
	}
	close(told.Events)
	var got []string
	for event := range told.Events {
		got = append(got, event)
	}
	if len(got) != 3 || got[0] != "Warning KubeletSetupFailed failed" || got[1] != "Warning InvalidDiskCapacity none" {
		t.Errorf("%q", got)
	}
}
