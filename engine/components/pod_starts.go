package components

import (
	"fmt"
	"sync"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubesolo-os/engine/quarantine"
)

// podStarts notes which step of which pod's start the runtime works on: what people write into a pod gets there. A step that
// ended the engine is held, and so waits; the rest of the node goes on, and the pod's events say why. A pod that is changed
// is another one, with another identity.
type podStarts struct {
	ledger *quarantine.Ledger
	made   *sync.Map // of containers that aren't started yet, by their id: which they are
}

func newPodStarts(ledger *quarantine.Ledger) podStarts { return podStarts{ledger, &sync.Map{}} }

func (s podStarts) sandbox(pod *cri.PodSandboxConfig, do func() error) error {
	return s.note("the sandbox of "+describePod(pod), do)
}

func (s podStarts) created(container *cri.ContainerConfig, pod *cri.PodSandboxConfig, do func() (string, error)) (id string, err error) {
	which := fmt.Sprintf("container %s of %s", container.GetMetadata().GetName(), describePod(pod))
	err = s.note("making "+which, func() error {
		id, err = do()
		return err
	})
	if err == nil {
		s.made.Store(id, which)
	}
	return id, err
}

func (s podStarts) started(id string, do func() error) error {
	which, isKnown := s.made.LoadAndDelete(id)
	if !isKnown { // the kubelet starts none that it didn't make in this run
		return do()
	}
	return s.note("starting "+which.(string), do)
}

func (s podStarts) note(what string, do func() error) error {
	isTheSame := func() (string, error) { return "", nil }
	return s.ledger.Work(what, isTheSame, do)
}

func describePod(configuration *cri.PodSandboxConfig) string {
	pod := configuration.GetMetadata()
	return fmt.Sprintf("pod %s/%s (%s)", pod.GetNamespace(), pod.GetName(), pod.GetUid())
}
