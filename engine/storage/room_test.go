package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	volumehelpers "k8s.io/component-helpers/storage/volume"
)

func TestOverpromise(t *testing.T) {
	const gibibyte = 1 << 30
	for _, test := range []struct {
		name  string
		rooms []room
		want  string
	}{
		{"no place", nil, ""},
		{"less than there is", []room{{"/own", 16 * gibibyte, 2 * gibibyte, 9 * gibibyte}}, ""},
		{"as much as there is, little of it free", []room{{"/own", 16 * gibibyte, 1, 16 * gibibyte}}, ""},
		{"more", []room{{"/own", 16 * gibibyte, 2 * gibibyte, 58 * gibibyte}}, "the volumes in /own promise 58Gi, and its disk has 16Gi"},
		{"in both places", []room{{"/own", 5 * gibibyte, 0, 6 * gibibyte}, {"/shared", 1 << 20, 0, 2 << 20}},
			"the volumes in /own promise 6144Mi, and its disk has 5120Mi; the volumes in /shared promise 2Mi, and its disk has 1Mi"},
	} {
		if got := overpromise(test.rooms); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

func TestPromised(t *testing.T) {
	volume := func(path, provisioner string) *corev1.PersistentVolume {
		return &corev1.PersistentVolume{
			ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{volumehelpers.AnnDynamicallyProvisioned: provisioner}},
			Spec: corev1.PersistentVolumeSpec{
				Capacity:               corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("3Gi")},
				PersistentVolumeSource: corev1.PersistentVolumeSource{Local: &corev1.LocalVolumeSource{Path: path}},
			},
		}
	}
	nfs := volume("", ProvisionerName)
	nfs.Spec.Local = nil
	all := []*corev1.PersistentVolume{volume("/own/a", ProvisionerName), volume("/own/b", ProvisionerName), volume("/own/c", "somebody"),
		volume("/shared/d", ProvisionerName), volume("/own/e/f", ProvisionerName), nfs}
	for place, want := range map[string]int64{"/own": 6 << 30, "/own/": 6 << 30, "/shared": 3 << 30, "/other": 0} {
		if got := promised(all, place); got != want {
			t.Errorf("%s: %d", place, got)
		}
	}
}

func TestVolumesLargerThanTheDiskAreWarnedOfUntilTheyAreGone(t *testing.T) {
	place := t.TempDir()
	claim := testClaim(func(c *corev1.PersistentVolumeClaim) {
		c.Spec.Resources.Requests[corev1.ResourceStorage] = resource.MustParse("1Ei")
	})
	client, _, provisioner, warnings := startWith(t, false, Places{Own: place, Shared: filepath.Join(place, "not-mounted")}, claim)
	next := func() string {
		t.Helper()
		var message string
		waitFor(t, "a warning", func() bool {
			select {
			case message = <-warnings:
				return true
			default:
				return false
			}
		})
		return message
	}
	message := next()
	if message == "" { // what an earlier run may have said is over, the claim comes after it
		message = next()
	}
	if !strings.HasPrefix(message, "the volumes in "+place+" promise 1073741824Gi, and its disk has ") {
		t.Errorf("got %q", message)
	}
	if got := figures(t, provisioner); len(got) != 3 || got["kubesolo_storage_promised_bytes "+place] != 1<<60 || got["kubesolo_storage_size_bytes "+place] <= 0 || got["kubesolo_storage_free_bytes "+place] <= 0 {
		t.Errorf("got %v", got)
	}
	volumes := client.CoreV1().PersistentVolumes()
	if err := volumes.Delete(t.Context(), "pvc-"+testUID, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if message := next(); message != "" {
		t.Errorf("got %q", message)
	}
	if err := os.RemoveAll(place); err != nil {
		t.Fatal(err)
	}
	if got := figures(t, provisioner); len(got) != 0 {
		t.Errorf("of a place that isn't there: %v", got)
	}
}

// figures are the provisioner's metrics, by name and place.
func figures(t *testing.T, provisioner *Provisioner) map[string]float64 {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(provisioner)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for _, family := range families {
		for _, each := range family.GetMetric() {
			found[family.GetName()+" "+each.GetLabel()[0].GetValue()] = each.GetGauge().GetValue()
		}
	}
	return found
}
