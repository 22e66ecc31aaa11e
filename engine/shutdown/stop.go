package shutdown

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	kubelettypes "k8s.io/kubelet/pkg/types"
)

// Runtime is what of the container runtime is needed; cri.RuntimeServiceClient is one.
type Runtime interface {
	ListContainers(context.Context, *cri.ListContainersRequest, ...grpc.CallOption) (*cri.ListContainersResponse, error)
	StopContainer(context.Context, *cri.StopContainerRequest, ...grpc.CallOption) (*cri.StopContainerResponse, error)
	ExecSync(context.Context, *cri.ExecSyncRequest, ...grpc.CallOption) (*cri.ExecSyncResponse, error)
}

const (
	// leastGrace is what a container gets however long its hook took, as the kubelet gives it.
	leastGrace = 2 * time.Second
	// answerTime is what the runtime has beyond a grace period, to kill and to tell.
	answerTime     = 3 * time.Second
	remindInterval = 10 * time.Second
)

// Stop ends all containers that run. objects are the pods that the API knows. It returns when all have ended, or a little
// after the limit.
func Stop(ctx context.Context, runtime Runtime, objects []corev1.Pod, limit time.Duration, log func(format string, args ...any)) error {
	containers, err := running(ctx, runtime)
	if err != nil {
		return fmt.Errorf("cannot list the containers: %w", err)
	}
	if len(containers) == 0 {
		return nil
	}
	s := &stopper{runtime: runtime, log: log, started: time.Now(), limit: limit, left: map[string]int{}}
	waves := plan(objects, containers, limit)
	for _, w := range waves {
		for _, p := range w.pods {
			s.left[p.name] = len(p.containers)
		}
	}
	log("stopping %d pods, for up to %d s", len(s.left), int(limit.Seconds()))
	done := make(chan struct{})
	go s.remind(done)
	for _, w := range waves {
		s.stopWave(ctx, w)
	}
	close(done)
	log("the pods have stopped after %.1f s", time.Since(s.started).Seconds())
	return nil
}

func running(ctx context.Context, runtime Runtime) ([]Container, error) {
	filter := &cri.ContainerFilter{State: &cri.ContainerStateValue{State: cri.ContainerState_CONTAINER_RUNNING}}
	response, err := runtime.ListContainers(ctx, &cri.ListContainersRequest{Filter: filter})
	var containers []Container
	for _, c := range response.GetContainers() {
		containers = append(containers, Container{
			ID: c.Id, Name: c.Labels[kubelettypes.KubernetesContainerNameLabel],
			Namespace: c.Labels[kubelettypes.KubernetesPodNamespaceLabel], PodName: c.Labels[kubelettypes.KubernetesPodNameLabel],
			PodUID: types.UID(c.Labels[kubelettypes.KubernetesPodUIDLabel]),
		})
	}
	return containers, err
}

type stopper struct {
	runtime Runtime
	log     func(format string, args ...any)
	started time.Time
	limit   time.Duration

	mutex sync.Mutex
	left  map[string]int // containers of a pod that still run
}

func (s *stopper) stopWave(ctx context.Context, w wave) {
	var all sync.WaitGroup
	for _, p := range w.pods {
		end := earlier(time.Now().Add(p.grace), s.started.Add(w.end))
		ended := map[string]chan struct{}{}
		for _, c := range p.containers {
			ended[c.Name] = make(chan struct{})
		}
		for _, c := range p.containers {
			all.Go(func() {
				defer close(ended[c.Name])
				s.stopContainer(ctx, p, c, ended, end)
			})
		}
	}
	all.Wait()
}

// stopContainer is the kubelet's order: the hook, the wait for those that must end before, SIGTERM, and SIGKILL at the end.
func (s *stopper) stopContainer(ctx context.Context, p pod, c Container, ended map[string]chan struct{}, end time.Time) {
	if spec, hook := p.hook(c.Name); hook != nil {
		ctx, cancel := context.WithDeadline(ctx, end)
		if err := s.runHook(ctx, p, c.ID, spec, hook); err != nil {
			s.log("the preStop hook of %s, container %s, failed: %v", p.name, c.Name, err)
		}
		cancel()
	}
	for _, name := range p.before(c.Name) {
		select {
		case <-ended[name]:
		case <-time.After(time.Until(end)):
		}
	}
	grace := max(time.Until(end), leastGrace)
	ctx, cancel := context.WithTimeout(ctx, grace+answerTime)
	defer cancel()
	asked := time.Now()
	_, err := s.runtime.StopContainer(ctx, &cri.StopContainerRequest{ContainerId: c.ID, Timeout: int64(grace.Round(time.Second).Seconds())})
	switch {
	case err != nil:
		s.log("cannot stop %s, container %s: %v", p.name, c.Name, err)
	case time.Since(asked) >= grace:
		s.log("killed %s, container %s: it did not end within its %d s", p.name, c.Name, int(time.Since(asked).Seconds()))
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.left[p.name]--; s.left[p.name] == 0 {
		delete(s.left, p.name)
	}
}

func (s *stopper) remind(done <-chan struct{}) {
	ticker := time.NewTicker(remindInterval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			s.log("still stopping: %s; %d s left", s.names(), int(max(0, s.limit-time.Since(s.started)).Seconds()))
		}
	}
}

// namesShown is as many as fit on a console's line.
const namesShown = 4

func (s *stopper) names() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var names []string
	for name := range s.left {
		names = append(names, name)
	}
	slices.Sort(names)
	if more := len(names) - namesShown; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:namesShown], ", "), more)
	}
	return strings.Join(names, ", ")
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
