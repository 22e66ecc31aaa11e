package usage

import (
	"testing"
	"time"

	"github.com/google/cadvisor/lib/model"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// running is the status of a container with this name and ID; without an ID, of one that has ended.
func running(name, id string) corev1.ContainerStatus {
	if id == "" {
		return corev1.ContainerStatus{Name: name, ContainerID: "containerd://gone"}
	}
	return corev1.ContainerStatus{Name: name, ContainerID: "containerd://" + id, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}
}

func pod(name string, containers ...corev1.ContainerStatus) *corev1.Pod {
	meta := metav1.ObjectMeta{Namespace: "shop", Name: name, UID: "1", Labels: map[string]string{"app": name}, Annotations: map[string]string{"a": "b"}}
	return &corev1.Pod{ObjectMeta: meta, Status: corev1.PodStatus{ContainerStatuses: containers}}
}

func TestPodMetrics(t *testing.T) {
	busy := []*model.ContainerStats{sample(0, 0, 1), sample(20, 10, 2<<20)}
	idle := []*model.ContainerStats{sample(5, 1, 1), sample(15, 1, 1<<20)}
	groups := map[string]model.ContainerInfo{
		"/":                         {Stats: busy},
		"/kubepods/pod1":            {Stats: busy},
		"/kubepods/pod1/sandbox":    {Stats: busy},
		"/kubepods/pod1/busy":       {Stats: busy},
		"/kubepods/pod1/idle":       {Stats: idle},
		"/kubepods/pod1/gone":       {Stats: busy},
		"/kubepods/burst/pod2/new":  {Stats: busy[1:]},
		"/kubepods/burst/pod2/none": {},
	}
	sidecar := pod("web", running("main", "busy"))
	sidecar.Status.InitContainerStatuses = []corev1.ContainerStatus{running("setup", ""), running("mesh", "idle")}
	debugged := pod("web", running("main", "idle"))
	debugged.Status.EphemeralContainerStatuses = []corev1.ContainerStatus{running("debugger", "busy")}
	for _, test := range []struct {
		name   string
		pod    *corev1.Pod
		want   string // containers with CPU and memory; "" means: none
		at     float64
		window time.Duration
	}{
		{"two containers, and the older time", pod("web", running("log", "idle"), running("main", "busy")), "log 0 1Mi,main 500m 2Mi,", 15, 10 * time.Second},
		{"one that has ended isn't counted", pod("web", running("job", ""), running("main", "busy")), "main 500m 2Mi,", 20, 20 * time.Second},
		{"a sidecar is, and what set up isn't", sidecar, "mesh 0 1Mi,main 500m 2Mi,", 15, 10 * time.Second},
		{"one for looking at it is", debugged, "main 0 1Mi,debugger 500m 2Mi,", 15, 10 * time.Second},
		{"started again, and no figure yet", pod("web", running("main", "new")), "", 0, 0},
		{"one of two without a figure", pod("web", running("log", "busy"), running("main", "new")), "", 0, 0},
		{"without a sample", pod("web", running("main", "none")), "", 0, 0},
		{"not seen yet", pod("web", running("main", "unseen")), "", 0, 0},
		{"all have ended", pod("web", running("main", "")), "", 0, 0},
		{"none has started", pod("web"), "", 0, 0},
	} {
		now := sample(60, 0, 0).Timestamp
		got, isKnown := podMetrics(test.pod, samplesByID(groups), now)
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
