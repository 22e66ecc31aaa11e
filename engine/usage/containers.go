package usage

import (
	"slices"
	"strings"
	"time"

	"github.com/google/cadvisor/lib/model"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	labels "k8s.io/kubelet/pkg/types"
	"k8s.io/metrics/pkg/apis/metrics"
)

// container is one of a pod's, with what it uses.
type container struct {
	name    string
	created time.Time
	figure  figure
	isKnown bool // the figure; not yet, of one that has just started
}

// containersOf sorts what the kubelet says of all control groups by pod. One that was started again may still be told twice: the newer
// one counts. A pod's sandbox has no container's name. Pure.
func containersOf(groups map[string]model.ContainerInfo) map[types.NamespacedName][]container {
	pods := map[types.NamespacedName][]container{}
	for _, group := range groups {
		known := group.Spec.Labels
		pod := types.NamespacedName{Namespace: known[labels.KubernetesPodNamespaceLabel], Name: known[labels.KubernetesPodNameLabel]}
		found := container{name: known[labels.KubernetesContainerNameLabel], created: group.Spec.CreationTime}
		if pod.Name == "" || found.name == "" {
			continue
		}
		found.figure, found.isKnown = figureOf(group.Stats)
		i := slices.IndexFunc(pods[pod], func(other container) bool { return other.name == found.name })
		switch {
		case i < 0:
			pods[pod] = append(pods[pod], found)
		case pods[pod][i].created.Before(found.created):
			pods[pod][i] = found
		}
	}
	return pods
}

// podMetrics has all of a pod's containers or, while one has no figure yet, nothing: part of a sum would look as if the pod were idle.
// The time is the oldest of them. Pure.
func podMetrics(pod *metav1.ObjectMeta, containers []container, now time.Time) (metrics.PodMetrics, bool) {
	result := metrics.PodMetrics{ObjectMeta: metadata(pod, now)}
	slices.SortFunc(containers, func(a, b container) int { return strings.Compare(a.name, b.name) })
	for i, each := range containers {
		if !each.isKnown {
			return result, false
		}
		if i == 0 || each.figure.at.Before(result.Timestamp.Time) {
			result.Timestamp, result.Window = metav1.NewTime(each.figure.at), metav1.Duration{Duration: each.figure.window}
		}
		result.Containers = append(result.Containers, metrics.ContainerMetrics{Name: each.name, Usage: each.figure.resources()})
	}
	return result, len(containers) > 0
}

func nodeMetrics(node *metav1.ObjectMeta, figure figure, now time.Time) metrics.NodeMetrics {
	return metrics.NodeMetrics{
		ObjectMeta: metadata(node, now),
		Timestamp:  metav1.NewTime(figure.at),
		Window:     metav1.Duration{Duration: figure.window},
		Usage:      figure.resources(),
	}
}

// metadata is what selectors and people look at. The answer is as old as the question, and stored nowhere.
func metadata(of *metav1.ObjectMeta, now time.Time) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: of.Namespace, Name: of.Name, Labels: of.Labels, CreationTimestamp: metav1.NewTime(now)}
}
