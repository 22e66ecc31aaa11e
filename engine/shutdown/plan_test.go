package shutdown

import (
	"reflect"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

func object(name string, grace *int64, priority *int32) corev1.Pod {
	return corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name, UID: types.UID("uid-" + name)},
		Spec:       corev1.PodSpec{TerminationGracePeriodSeconds: grace, Priority: priority},
	}
}

func container(pod, name string) Container {
	return Container{ID: pod + "-" + name, Name: name, Namespace: "shop", PodName: pod, PodUID: types.UID("uid-" + pod)}
}

func TestPlan(t *testing.T) {
	critical := ptr.To[int32](2_000_000_000)
	objects := []corev1.Pod{
		object("web", ptr.To[int64](5), nil), object("plain", nil, nil), object("agent", ptr.To[int64](7), critical),
		object("almost", nil, ptr.To[int32](1_999_999_999)),
	}
	type who struct {
		name  string
		grace int
	}
	cases := []struct {
		name       string
		containers []Container
		ends       []time.Duration
		waves      [][]who
	}{
		{"without critical pods the rest has all the time", []Container{container("web", "a"), container("plain", "b")},
			[]time.Duration{time.Minute}, [][]who{{{"shop/web", 5}, {"shop/plain", 30}}}},
		{"critical pods go last, and have a share of their own", []Container{container("agent", "a"), container("almost", "a"), container("web", "b")},
			[]time.Duration{50 * time.Second, time.Minute}, [][]who{{{"shop/almost", 30}, {"shop/web", 5}}, {{"shop/agent", 7}}}},
		{"containers of one pod are one pod", []Container{container("web", "a"), container("web", "b")},
			[]time.Duration{time.Minute}, [][]who{{{"shop/web", 5}}}},
		{"a pod that the API doesn't know", []Container{container("gone", "a")}, []time.Duration{time.Minute}, [][]who{{{"shop/gone", 30}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var ends []time.Duration
			var waves [][]who
			for _, w := range plan(objects, c.containers, time.Minute) {
				var pods []who
				for _, p := range w.pods {
					pods = append(pods, who{p.name, int(p.grace.Seconds())})
				}
				ends, waves = append(ends, w.end), append(waves, pods)
			}
			if !reflect.DeepEqual(ends, c.ends) || !reflect.DeepEqual(waves, c.waves) {
				t.Errorf("ends %v, waves %v; want %v, %v", ends, waves, c.ends, c.waves)
			}
		})
	}
}

func TestSidecarsEndAfterWhatTheyServe(t *testing.T) {
	served := object("served", nil, nil)
	always := ptr.To(corev1.ContainerRestartPolicyAlways)
	served.Spec.InitContainers = []corev1.Container{{Name: "setup"}, {Name: "mesh", RestartPolicy: always}, {Name: "logs", RestartPolicy: always}}
	served.Spec.Containers = []corev1.Container{{Name: "main"}}
	running := []Container{container("served", "mesh"), container("served", "logs"), container("served", "main")}
	p := podsOf([]corev1.Pod{served}, running)[0]
	for name, want := range map[string][]string{"main": nil, "logs": {"main"}, "mesh": {"logs", "main"}} {
		if got := p.before(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s waits for %v, want %v", name, got, want)
		}
	}
}
