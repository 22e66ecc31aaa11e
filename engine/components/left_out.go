package components

import (
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"

	"kubesolo-os/engine/logs"
)

// leftOut is what of people's files doesn't count. It is told in the log at once, and by events of the node, once the kubelet has a
// recorder: who has kubectl only sees no log.
type leftOut struct {
	mutex   sync.Mutex
	waiting []string
	events  func(message string)
}

func (l *leftOut) tell(component, folder, why string) {
	message := fmt.Sprintf("%s is left out: %s", folder, why)
	logs.Line(component, "%s", message)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.events == nil {
		l.waiting = append(l.waiting, message)
		return
	}
	l.events(message)
}

func (l *leftOut) recordWith(recorder record.EventRecorder, node string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	object := &corev1.ObjectReference{Kind: "Node", Name: node, UID: types.UID(node)}
	l.events = func(message string) {
		recorder.Eventf(object, corev1.EventTypeWarning, "SettingLeftOut", "%s", message)
	}
	for _, message := range l.waiting {
		l.events(message)
	}
	l.waiting = nil
}
