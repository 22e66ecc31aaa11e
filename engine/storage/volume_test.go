package storage

import (
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var testPlaces = Places{Own: "/own", Shared: "/shared"}

func TestPlanVolume(t *testing.T) {
	volume := planVolume(testClaim(), planClass(nil), testPlaces, "node-1")
	if want := "pvc-" + testUID; volume.Name != want {
		t.Errorf("it is called %s", volume.Name)
	}
	if want := "/own/pvc-" + testUID + "_shop_data"; volume.Spec.Local.Path != want {
		t.Errorf("it is in %s", volume.Spec.Local.Path)
	}
	if got := volume.Spec.Capacity[corev1.ResourceStorage]; got.String() != "1Mi" {
		t.Errorf("its capacity is %s", got.String())
	}
	if !slices.Contains(volume.Finalizers, finalizer) {
		t.Error("nothing keeps the object until the folder is gone")
	}
	if got := volume.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0].Values; !slices.Equal(got, []string{"node-1"}) {
		t.Errorf("it is on %v", got)
	}
	if volume.Spec.ClaimRef.UID != testUID {
		t.Error("another claim could take it")
	}
}

func TestPlanVolumeThatIsKept(t *testing.T) {
	class := &storagev1.StorageClass{ReclaimPolicy: ptr.To(corev1.PersistentVolumeReclaimRetain)}
	volume := planVolume(testClaim(), class, testPlaces, "node-1")
	if volume.Spec.PersistentVolumeReclaimPolicy != corev1.PersistentVolumeReclaimRetain || len(volume.Finalizers) > 0 {
		t.Errorf("got %s, %v", volume.Spec.PersistentVolumeReclaimPolicy, volume.Finalizers)
	}
}

func TestSharedVolumesAreInTheirOwnPlace(t *testing.T) {
	for mode, place := range map[corev1.PersistentVolumeAccessMode]string{
		corev1.ReadWriteOnce: "/own/", corev1.ReadWriteOncePod: "/own/",
		corev1.ReadWriteMany: "/shared/", corev1.ReadOnlyMany: "/shared/",
	} {
		volume := planVolume(testClaim(withModes(mode)), planClass(nil), testPlaces, "node-1")
		if !strings.HasPrefix(volume.Spec.Local.Path, place) {
			t.Errorf("%s: it is in %s", mode, volume.Spec.Local.Path)
		}
	}
}

func TestFolderNameFitsAFileSystem(t *testing.T) {
	claim := testClaim(func(c *corev1.PersistentVolumeClaim) { c.Name = strings.Repeat("a", 253) })
	if got := folderName("pvc-"+testUID, claim); len(got) != 255 {
		t.Errorf("it has %d bytes", len(got))
	}
}

func testVolume(changes ...func(*corev1.PersistentVolume)) *corev1.PersistentVolume {
	volume := planVolume(testClaim(), planClass(nil), testPlaces, "node-1")
	volume.Status.Phase = corev1.VolumeBound
	for _, change := range changes {
		change(volume)
	}
	return volume
}

func TestDecide(t *testing.T) {
	released := func(v *corev1.PersistentVolume) { v.Status.Phase = corev1.VolumeReleased }
	retained := func(v *corev1.PersistentVolume) {
		v.Spec.PersistentVolumeReclaimPolicy = corev1.PersistentVolumeReclaimRetain
	}
	unprotected := func(v *corev1.PersistentVolume) { v.Finalizers = []string{"kubernetes.io/pv-protection"} }
	ending := func(v *corev1.PersistentVolume) { v.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)} }
	foreign := func(v *corev1.PersistentVolume) {
		v.Annotations["pv.kubernetes.io/provisioned-by"] = "example.com/disk"
	}
	byHand := func(v *corev1.PersistentVolume) { v.Annotations = nil }
	type changes = []func(*corev1.PersistentVolume)
	for name, test := range map[string]struct {
		changes changes
		want    action
	}{
		"in use":                                  {nil, nothing},
		"its claim is gone":                       {changes{released}, reclaim},
		"its claim is gone, it is deleted":        {changes{released, ending}, reclaim},
		"deleted before its claim":                {changes{ending}, nothing},
		"already reclaimed, going":                {changes{released, ending, unprotected}, nothing},
		"reclaimed when the power went":           {changes{released, unprotected}, reclaim},
		"retained, its claim is gone":             {changes{released, retained, unprotected}, nothing},
		"changed to Retain":                       {changes{retained}, unprotect},
		"changed to Retain, deleted":              {changes{retained, ending}, unprotect},
		"changed from Retain to Delete":           {changes{unprotected}, protect},
		"of another provisioner":                  {changes{released, foreign}, nothing},
		"made by hand":                            {changes{released, byHand}, nothing},
		"retained by an earlier system, released": {changes{byHand, released, retained}, nothing},
	} {
		if got := decide(testVolume(test.changes...)); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestFolderOf(t *testing.T) {
	name := "pvc-" + testUID
	local := func(path string) corev1.PersistentVolumeSource {
		return corev1.PersistentVolumeSource{Local: &corev1.LocalVolumeSource{Path: path}}
	}
	for path, test := range map[string]struct {
		source      corev1.PersistentVolumeSource
		place, name string // "": refused
	}{
		"own":               {local("/own/" + name + "_shop_data"), "/own", name + "_shop_data"},
		"shared":            {local("/shared/" + name + "_shop_data"), "/shared", name + "_shop_data"},
		"of a host path":    {corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/own/" + name + "_a_b"}}, "/own", name + "_a_b"},
		"elsewhere":         {local("/etc/" + name + "_shop_data"), "", ""},
		"deeper":            {local("/own/deep/" + name + "_shop_data"), "", ""},
		"upwards":           {local("/own/../etc"), "", ""},
		"the place":         {local("/own"), "", ""},
		"another volume's":  {local("/own/pvc-1_shop_data"), "", ""},
		"no path at all":    {corev1.PersistentVolumeSource{}, "", ""},
		"up from its place": {local("/own/" + name + "_x/.."), "", ""},
	} {
		volume := testVolume(func(v *corev1.PersistentVolume) { v.Spec.PersistentVolumeSource = test.source })
		place, folder, err := folderOf(volume, testPlaces)
		if place != test.place || folder != test.name || (err != nil) != (test.name == "") {
			t.Errorf("%s: got %q, %q, %v", path, place, folder, err)
		}
	}
	noShared := testVolume(func(v *corev1.PersistentVolume) { v.Spec.PersistentVolumeSource = local(name + "_shop_data") })
	if _, _, err := folderOf(noShared, Places{Own: "/own"}); err == nil {
		t.Error("a relative path is taken")
	}
}
