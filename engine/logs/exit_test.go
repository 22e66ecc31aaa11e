package logs

import (
	"errors"
	"testing"
)

func TestIsExiting(t *testing.T) {
	tests := []struct {
		function string
		want     bool
	}{
		{"k8s.io/kubernetes/pkg/kubelet.(*Kubelet).initializeRuntimeDependentModules", true},
		{"k8s.io/kubernetes/pkg/kubelet/server.ListenAndServePodResources", true},
		{"k8s.io/kubernetes/pkg/kubelet.(*Kubelet).syncLoop", false},
	}
	for _, test := range tests {
		if got := isExiting(test.function); got != test.want {
			t.Errorf("%s: %v", test.function, got)
		}
	}
}

// failAndExit does as the kubelet does, but for the exit.
func failAndExit(goesOn *bool) {
	sink{}.Error(errors.New("context canceled"), "Failed to start ContainerManager")
	*goesOn = true
}

func TestAnErrorBeforeAnExitEndsOnlyTheGoroutineWhileStopping(t *testing.T) {
	exiting = append(exiting, "kubesolo-os/engine/logs.failAndExit")
	Stopping(true)
	defer func() {
		exiting = exiting[:len(exiting)-1]
		stopping.Store(false)
		quiet.Store(false)
	}()
	goesOn := false
	done := make(chan struct{})
	go func() {
		defer close(done)
		failAndExit(&goesOn)
	}()
	<-done
	if goesOn {
		t.Error("it would have ended the process")
	}
}
