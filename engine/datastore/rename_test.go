package datastore

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	volumehelpers "k8s.io/component-helpers/storage/volume"
)

// onHost is what asks for a node by its label.
func onHost(name string) []corev1.NodeSelectorTerm {
	return []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{
		{Key: "zone", Operator: corev1.NodeSelectorOpIn, Values: []string{"old"}},
		{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{"other", name}},
	}}}
}

func podOn(name string) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "default"}, Spec: corev1.PodSpec{NodeName: name}}
}

func volumeOn(name string) *corev1.PersistentVolume {
	return &corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: "pv"}, Spec: corev1.PersistentVolumeSpec{
		NodeAffinity: &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: onHost(name)}}}}
}

func claimOn(name string) *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "claim", Namespace: "default",
		Annotations: map[string]string{volumehelpers.AnnSelectedNode: name}}}
}

// pinned is a pod that asks for the node in every way that there is.
func pinned(name string) *corev1.Pod {
	pod := podOn(name)
	pod.Spec.NodeSelector = map[string]string{corev1.LabelHostname: name, "disk": "old"}
	byField := []corev1.NodeSelectorTerm{{MatchFields: []corev1.NodeSelectorRequirement{
		{Key: "metadata.name", Operator: corev1.NodeSelectorOpIn, Values: []string{name}}}}}
	pod.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: append(onHost(name), byField...)},
		PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{
			{Weight: 1, Preference: onHost(name)[0]}},
	}}
	return pod
}

func TestWhereTheNamesAre(t *testing.T) {
	for what, test := range map[string]struct {
		object  runtime.Object
		want    runtime.Object
		changed bool
	}{
		"a pod on the node":                   {podOn("old"), podOn("new"), true},
		"a pod on another":                    {podOn("fake"), podOn("fake"), false},
		"a pod on none":                       {podOn(""), podOn(""), false},
		"a pod that asks for it in every way": {pinned("old"), pinned("new"), true},
		"a volume of the node":                {volumeOn("old"), volumeOn("new"), true},
		"a volume of another":                 {volumeOn("fake"), volumeOn("fake"), false},
		"a volume for all nodes":              {&corev1.PersistentVolume{}, &corev1.PersistentVolume{}, false},
		"a claim for it":                      {claimOn("old"), claimOn("new"), true},
		"a claim for none":                    {&corev1.PersistentVolumeClaim{}, &corev1.PersistentVolumeClaim{}, false},
	} {
		changed := rename(test.object, "old", "new")
		if changed != test.changed || fmt.Sprint(test.object) != fmt.Sprint(test.want) {
			t.Errorf("%s: %v, %v", what, changed, test.object)
		}
	}
}

func TestRenameNode(t *testing.T) {
	const pods = 2*renamePage + 1
	file := filepath.Join(t.TempDir(), "state.db")
	backend := logstructured.New(newLog(t, file, "", func(tables server.Dialect) server.Dialect { return tables }))
	if err := backend.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	write := func(key string, value []byte) {
		if _, err := backend.Create(t.Context(), key, value, 0); err != nil {
			t.Fatal(err)
		}
	}
	node := func(name string, labels map[string]string) *corev1.Node {
		return &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, UID: "1", Labels: labels}}
	}
	write("/registry/minions/old", stored(t, node("old", map[string]string{corev1.LabelHostname: "old", "mine": "kept"})))
	write("/registry/csinodes/old", []byte("old"))
	write("/registry/leases/kube-node-lease/old", []byte("old"))
	write("/registry/persistentvolumes/pv", stored(t, volumeOn("old")))
	write("/registry/persistentvolumeclaims/default/claim", stored(t, claimOn("old")))
	write("/registry/pods/default/strange", []byte("garbage"))
	for i := range pods {
		write(fmt.Sprintf("/registry/pods/default/pod-%d", i), stored(t, podOn("old")))
	}
	read := func(key string) runtime.Object {
		_, found, err := backend.Get(t.Context(), key, 0, false)
		if err != nil || found == nil {
			t.Fatalf("%s: %v, %v", key, found, err)
		}
		object, err := decode(found.Value)
		if err != nil {
			t.Fatal(err)
		}
		return object
	}

	for try, want := range []int{pods + 2, 0} { // a power cut before the name was kept: again
		if moved, err := RenameNode(t.Context(), backend, "old", "new"); moved != want || err != nil {
			t.Errorf("try %d: %d objects, %v", try, moved, err)
		}
	}
	renamed := read("/registry/minions/new").(*corev1.Node)
	if renamed.Name != "new" || renamed.UID != "1" || renamed.Labels[corev1.LabelHostname] != "new" || renamed.Labels["mine"] != "kept" {
		t.Errorf("the node: %v", renamed.ObjectMeta)
	}
	if pod := read(fmt.Sprintf("/registry/pods/default/pod-%d", pods-1)).(*corev1.Pod); pod.Spec.NodeName != "new" {
		t.Errorf("the last pod is on %s", pod.Spec.NodeName)
	}
	for _, key := range []string{"/registry/minions/old", "/registry/csinodes/old", "/registry/leases/kube-node-lease/old"} {
		if _, found, err := backend.Get(t.Context(), key, 0, true); found != nil || err != nil {
			t.Errorf("%s is left", key)
		}
	}

	// And back, to a name that was there before; a second node of that name is left from an earlier fault.
	write("/registry/minions/old", stored(t, node("old", nil)))
	if _, err := RenameNode(t.Context(), backend, "new", "old"); err != nil {
		t.Fatal(err)
	}
	write("/registry/minions/newest", stored(t, node("newest", nil)))
	if names, err := Nodes(t.Context(), file); !slices.Equal(names, []string{"newest", "old"}) || err != nil {
		t.Errorf("nodes: %v, %v", names, err)
	}
}
