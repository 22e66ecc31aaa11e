package usage

import (
	"testing"
	"time"

	"github.com/google/cadvisor/lib/model"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// group is a container's control group; without a name, its pod's sandbox.
func group(pod, name string, createdSeconds float64, samples ...*model.ContainerStats) model.ContainerInfo {
	labels := map[string]string{"io.kubernetes.pod.namespace": "shop", "io.kubernetes.pod.name": pod}
	if name != "" {
		labels["io.kubernetes.container.name"] = name
	}
	return model.ContainerInfo{Stats: samples, Spec: model.ContainerSpec{Labels: labels, CreationTime: sample(createdSeconds, 0, 0).Timestamp}}
}

func TestPodMetrics(t *testing.T) {
	busy := []*model.ContainerStats{sample(0, 0, 1), sample(20, 10, 2<<20)}
	idle := []*model.ContainerStats{sample(5, 1, 1), sample(15, 1, 1<<20)}
	for _, test := range []struct {
		name   string
		groups map[string]model.ContainerInfo
		want   string // containers with CPU and memory; "" means: none
		at     float64
		window time.Duration
	}{
		{"two containers, by name, and the older time", map[string]model.ContainerInfo{
			"/": {}, "/kubepods": {Stats: busy}, "/p/s": group("web", "", 0, busy...), "/p/b": group("web", "main", 0, busy...), "/p/a": group("web", "log", 0, idle...),
		}, "log 0 1Mi,main 500m 2Mi,", 15, 10 * time.Second},
		{"started again: the newer one", map[string]model.ContainerInfo{
			"/p/old": group("web", "main", 0, idle...), "/p/new": group("web", "main", 1, busy...),
		}, "main 500m 2Mi,", 20, 20 * time.Second},
		{"started again, and no figure yet", map[string]model.ContainerInfo{
			"/p/old": group("web", "main", 0, busy...), "/p/new": group("web", "main", 30, busy[1]),
		}, "", 0, 0},
		{"one of two without a figure", map[string]model.ContainerInfo{
			"/p/a": group("web", "log", 0, busy[1]), "/p/b": group("web", "main", 0, busy...),
		}, "", 0, 0},
		{"another pod's", map[string]model.ContainerInfo{"/p/a": group("api", "main", 0, busy...)}, "", 0, 0},
		{"its sandbox only", map[string]model.ContainerInfo{"/p/s": group("web", "", 0, busy...)}, "", 0, 0},
		{"nothing", nil, "", 0, 0},
	} {
		pod := metav1.ObjectMeta{Namespace: "shop", Name: "web", UID: "1", Labels: map[string]string{"app": "web"}, Annotations: map[string]string{"a": "b"}}
		now := sample(60, 0, 0).Timestamp
		got, isKnown := podMetrics(&pod, containersOf(test.groups)[types.NamespacedName{Namespace: "shop", Name: "web"}], now)
		if isKnown != (test.want != "") {
			t.Errorf("%s: known: %t", test.name, isKnown)
			continue
		}
		if !isKnown {
			continue
		}
		text := ""
		for _, each := range got.Containers {
			text += each.Name + " " + each.Usage.Cpu().String() + " " + each.Usage.Memory().String() + ","
		}
		if text != test.want || !got.Timestamp.Equal(&metav1.Time{Time: sample(test.at, 0, 0).Timestamp}) || got.Window.Duration != test.window {
			t.Errorf("%s: %s until %s, %s", test.name, text, got.Timestamp, got.Window.Duration)
		}
		if got.Namespace != "shop" || got.Name != "web" || got.Labels["app"] != "web" || got.UID != "" || got.Annotations != nil || !got.CreationTimestamp.Time.Equal(now) {
			t.Errorf("%s: metadata %v", test.name, got.ObjectMeta)
		}
	}
}
