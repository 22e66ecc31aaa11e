package usage

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/cadvisor/lib/model"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/metrics/pkg/apis/metrics"
)

// samplesByID are those of containers: the last part of a control group's path is its container's ID. The labels that name pod and
// container beside it aren't always there: the kubelet leaves them out for good when containerd didn't answer at once as it started. Pure.
func samplesByID(groups map[string]model.ContainerInfo) map[string][]*model.ContainerStats {
	result := make(map[string][]*model.ContainerStats, len(groups))
	for name, group := range groups {
		result[path.Base(name)] = group.Stats
	}
	return result
}

// podMetrics has all containers that run or, while one has no figure yet, nothing: part of a sum would look as if the pod were idle.
// The time is the oldest of them. Pure.
func podMetrics(pod *corev1.Pod, samples map[string][]*model.ContainerStats, now time.Time) (metrics.PodMetrics, bool) {
	result := metrics.PodMetrics{ObjectMeta: metadata(&pod.ObjectMeta, now)}
	status := pod.Status
	for _, each := range slices.Concat(status.InitContainerStatuses, status.ContainerStatuses, status.EphemeralContainerStatuses) {
		if each.State.Running == nil {
			continue
		}
		_, id, _ := strings.Cut(each.ContainerID, "://")
		figure, isKnown := figureOf(samples[id])
		if !isKnown {
			return result, false
		}
		if len(result.Containers) == 0 || figure.at.Before(result.Timestamp.Time) {
			result.Timestamp, result.Window = metav1.NewTime(figure.at), metav1.Duration{Duration: figure.window}
		}
		result.Containers = append(result.Containers, metrics.ContainerMetrics{Name: each.Name, Usage: figure.resources()})
	}
	return result, len(result.Containers) > 0
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
