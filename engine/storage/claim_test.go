package storage

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	volumehelpers "k8s.io/component-helpers/storage/volume"
	"k8s.io/utils/ptr"
)

const testUID = "5d3f1c9e-0000-4000-8000-000000000001"

func testClaim(changes ...func(*corev1.PersistentVolumeClaim)) *corev1.PersistentVolumeClaim {
	claim := &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: "data", UID: testUID,
			Annotations: map[string]string{
				annotationProvisioner:         ProvisionerName,
				volumehelpers.AnnSelectedNode: "node-1",
			},
		},
		Spec: corev1.PersistentVolumeClaimSpec{
			StorageClassName: ptr.To(className),
			AccessModes:      []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources: corev1.VolumeResourceRequirements{
				Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Mi")},
			},
		},
	}
	for _, change := range changes {
		change(claim)
	}
	return claim
}

func withModes(modes ...corev1.PersistentVolumeAccessMode) func(*corev1.PersistentVolumeClaim) {
	return func(claim *corev1.PersistentVolumeClaim) { claim.Spec.AccessModes = modes }
}

func TestWhichClaimsWantAVolume(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*corev1.PersistentVolumeClaim)
		want   bool
	}{
		"a claim that Kubernetes asks us for": {func(*corev1.PersistentVolumeClaim) {}, true},
		"one with only the beta annotation": {func(c *corev1.PersistentVolumeClaim) {
			c.Annotations = map[string]string{annotationProvisionerBeta: ProvisionerName}
		}, true},
		"one of another provisioner": {func(c *corev1.PersistentVolumeClaim) {
			c.Annotations[annotationProvisioner] = "example.com/disk"
		}, false},
		"one that nobody is asked for yet": {func(c *corev1.PersistentVolumeClaim) { c.Annotations = nil }, false},
		"one that has a volume":            {func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeName = "pv" }, false},
		"one that is being deleted": {func(c *corev1.PersistentVolumeClaim) {
			c.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
		}, false},
	} {
		if got := wantsVolume(testClaim(test.change)); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestWhichClaimsWaitForAPod(t *testing.T) {
	immediate := &storagev1.StorageClass{VolumeBindingMode: ptr.To(storagev1.VolumeBindingImmediate)}
	unselected := testClaim(func(c *corev1.PersistentVolumeClaim) { delete(c.Annotations, volumehelpers.AnnSelectedNode) })
	for name, test := range map[string]struct {
		claim *corev1.PersistentVolumeClaim
		class *storagev1.StorageClass
		want  bool
	}{
		"no pod uses it yet":                    {unselected, planClass(nil), true},
		"the scheduler has selected the node":   {testClaim(), planClass(nil), false},
		"the class is immediate":                {unselected, immediate, false},
		"the class doesn't say: it's immediate": {unselected, &storagev1.StorageClass{}, false},
	} {
		if got := waitsForPod(test.claim, test.class); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	own, both := Places{Own: "/own"}, Places{Own: "/own", Shared: "/shared"}
	plain := func(*corev1.PersistentVolumeClaim) {}
	for name, test := range map[string]struct {
		change func(*corev1.PersistentVolumeClaim)
		class  func(*storagev1.StorageClass)
		places Places
		want   []string // parts of the reason; none: no refusal
	}{
		"one node writes":       {withModes(corev1.ReadWriteOnce), nil, own, nil},
		"one pod writes":        {withModes(corev1.ReadWriteOncePod), nil, own, nil},
		"many write, no place":  {withModes(corev1.ReadWriteMany), nil, own, []string{"ReadWriteMany", "--local-storage-shared-path", "ReadWriteOnce"}},
		"many read, no place":   {withModes(corev1.ReadOnlyMany), nil, own, []string{"ReadOnlyMany"}},
		"many write, a place":   {withModes(corev1.ReadWriteMany), nil, both, nil},
		"one or many, no place": {withModes(corev1.ReadWriteOnce, corev1.ReadWriteMany), nil, own, []string{"ReadWriteMany"}},
		"a block device": {func(c *corev1.PersistentVolumeClaim) {
			c.Spec.VolumeMode = ptr.To(corev1.PersistentVolumeBlock)
		}, nil, own, []string{"local-path", "volumeMode", "Filesystem", "Block"}},
		"a file system, said so": {func(c *corev1.PersistentVolumeClaim) {
			c.Spec.VolumeMode = ptr.To(corev1.PersistentVolumeFilesystem)
		}, nil, own, nil},
		"a selector": {func(c *corev1.PersistentVolumeClaim) {
			c.Spec.Selector = &metav1.LabelSelector{}
		}, nil, own, []string{"remove spec.selector"}},
		"a copy of something": {func(c *corev1.PersistentVolumeClaim) {
			c.Spec.DataSourceRef = &corev1.TypedObjectReference{Kind: "VolumeSnapshot", Name: "monday"}
		}, nil, own, []string{"dataSource", "start empty"}},
		"attributes": {func(c *corev1.PersistentVolumeClaim) {
			c.Spec.VolumeAttributesClassName = ptr.To("gold")
		}, nil, own, []string{"volumeAttributesClassName"}},
		"a class with parameters": {plain, func(c *storagev1.StorageClass) {
			c.Parameters = map[string]string{"pathPattern": "../../etc", "nodePath": "/"}
		}, own, []string{"nodePath, pathPattern"}},
	} {
		class := planClass(nil)
		if test.class != nil {
			test.class(class)
		}
		got := refusal(testClaim(test.change), class, test.places)
		if (got == "") != (len(test.want) == 0) {
			t.Errorf("%s: got %q", name, got)
		}
		for _, part := range test.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q doesn't say %q", name, got, part)
			}
		}
	}
}

func TestOversize(t *testing.T) {
	claim := testClaim() // 1 Mi
	if got := oversize(claim, "/own", 1<<20); got != "" {
		t.Errorf("it fits: %s", got)
	}
	got := oversize(claim, "/own", 1<<20-1)
	for _, part := range []string{"1Mi", "0Mi", "/own"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q doesn't say %q", got, part)
		}
	}
}

func TestWholeUnits(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0Mi", 1<<30 + 1: "1024Mi", 10 << 30: "10Gi", 11<<30 - 1: "10Gi"} {
		if got := wholeUnits(bytes); got != want {
			t.Errorf("%d: got %s", bytes, got)
		}
	}
}
