// Package shutdown ends the pods before the machine goes down, as Kubernetes' graceful node shutdown does where there is
// systemd: each pod has its own grace period and its preStop hooks, critical pods go last, and all of it is bounded. Unlike
// there, no pod is marked as failed: this node's pods have no other node to go to, so they come back after the reboot,
// those that nothing would make anew too.
package shutdown

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	kubelettypes "k8s.io/kubernetes/pkg/kubelet/types"
)

// Container is one that runs, as the runtime knows it.
type Container struct {
	ID, Name, Namespace, PodName string
	PodUID                       types.UID
}

// pod is what ends as one.
type pod struct {
	name       string // NAMESPACE/NAME
	object     *corev1.Pod
	grace      time.Duration
	critical   bool
	containers []Container
}

// criticalShare is what critical pods have for themselves: the same proportion, at the default of 60 s, as in
// Kubernetes' own example.
const criticalShare = 6

// defaultGrace is Kubernetes' for pods that don't say.
const defaultGrace = corev1.DefaultTerminationGracePeriodSeconds * time.Second

// wave is the pods that end together, and by when, from the start of the shutdown on.
type wave struct {
	pods []pod
	end  time.Duration
}

// plan is who ends when: what is critical after the rest. Without critical pods the rest has all the time. Of a container
// whose pod the API doesn't know, the grace period is Kubernetes' default. Pure.
func plan(objects []corev1.Pod, containers []Container, limit time.Duration) []wave {
	var ordinary, critical []pod
	for _, p := range podsOf(objects, containers) {
		if p.critical {
			critical = append(critical, p)
		} else {
			ordinary = append(ordinary, p)
		}
	}
	first := wave{ordinary, limit}
	if len(critical) == 0 {
		return []wave{first}
	}
	first.end -= limit / criticalShare
	return []wave{first, {critical, limit}}
}

func podsOf(objects []corev1.Pod, containers []Container) (pods []pod) {
	for _, c := range containers {
		name := c.Namespace + "/" + c.PodName
		at := slices.IndexFunc(pods, func(p pod) bool { return p.name == name })
		if at < 0 {
			pods = append(pods, podOf(name, c.PodUID, objects))
			at = len(pods) - 1
		}
		pods[at].containers = append(pods[at].containers, c)
	}
	return pods
}

func podOf(name string, uid types.UID, objects []corev1.Pod) pod {
	at := slices.IndexFunc(objects, func(object corev1.Pod) bool { return object.UID == uid })
	if at < 0 {
		return pod{name: name, grace: defaultGrace}
	}
	object := &objects[at]
	grace := defaultGrace
	if seconds := object.Spec.TerminationGracePeriodSeconds; seconds != nil {
		grace = time.Duration(*seconds) * time.Second
	}
	return pod{name: name, object: object, grace: grace, critical: kubelettypes.IsCriticalPod(object)}
}

// hook is a container's preStop hook, nil without one.
func (p pod) hook(container string) (*corev1.Container, *corev1.LifecycleHandler) {
	if p.object == nil {
		return nil, nil
	}
	for _, list := range [][]corev1.Container{p.object.Spec.Containers, p.object.Spec.InitContainers} {
		for i := range list {
			if list[i].Name == container && list[i].Lifecycle != nil {
				return &list[i], list[i].Lifecycle.PreStop
			}
		}
	}
	return nil, nil
}

// before are the running containers that must have ended before this one is told to: a sidecar outlives what it serves, and
// the sidecars that started after it. Pure.
func (p pod) before(name string) (names []string) {
	own := p.sidecar(name)
	if own < 0 {
		return nil
	}
	for _, c := range p.containers {
		if other := p.sidecar(c.Name); other < 0 || other > own {
			names = append(names, c.Name)
		}
	}
	return names
}

// sidecar is a container's place among the init containers if it restarts always, and else -1.
func (p pod) sidecar(name string) int {
	if p.object == nil {
		return -1
	}
	return slices.IndexFunc(p.object.Spec.InitContainers, func(c corev1.Container) bool {
		return c.Name == name && c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
	})
}
