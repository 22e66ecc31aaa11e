package storage

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
)

// The folders are real; the API server is client-go's, in memory. The tests in test/sandbox run both.
func start(t *testing.T, places Places, claims ...*corev1.PersistentVolumeClaim) (*fake.Clientset, *record.FakeRecorder) {
	t.Helper()
	return startStrictly(t, false, places, claims...)
}

func startStrictly(t *testing.T, isStrict bool, places Places, claims ...*corev1.PersistentVolumeClaim) (*fake.Clientset, *record.FakeRecorder) {
	t.Helper()
	client, events, _, _ := startWith(t, isStrict, places, claims...)
	return client, events
}

// startWith has the warnings, too.
func startWith(t *testing.T, isStrict bool, places Places, claims ...*corev1.PersistentVolumeClaim) (*fake.Clientset, *record.FakeRecorder, *Provisioner, chan string) {
	t.Helper()
	warnings := make(chan string, 10)
	warn := func(_ context.Context, message string) error {
		warnings <- message
		return nil
	}
	client, events := fake.NewClientset(), record.NewFakeRecorder(10)
	ctx, cancel := context.WithCancel(context.Background())
	if err := EnsureClass(ctx, client); err != nil {
		t.Fatal(err)
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	provisioner, err := New(client, factory, events, warn, places, isStrict, "node-1")
	if err != nil {
		t.Fatal(err)
	}
	factory.Start(ctx.Done())
	ended := make(chan struct{})
	go func() {
		provisioner.Run(ctx)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		factory.Shutdown()
	})
	factory.WaitForCacheSync(ctx.Done()) // the fake loses what is made between a list and a watch
	for _, claim := range claims {
		if _, err := client.CoreV1().PersistentVolumeClaims(claim.Namespace).Create(ctx, claim, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return client, events, provisioner, warnings
}

func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited too long for %s", what)
		}
	}
}

func TestAClaimGetsAVolumeAndGivesItBack(t *testing.T) {
	place := filepath.Join(t.TempDir(), "local-path-storage")
	client, events := start(t, Places{Own: place}, testClaim())
	volumes := client.CoreV1().PersistentVolumes()
	name := "pvc-" + testUID
	if event := <-events.Events; !strings.Contains(event, "ProvisioningSucceeded") {
		t.Errorf("got the event %q", event)
	}
	volume, err := volumes.Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if status, err := os.Stat(volume.Spec.Local.Path); err != nil || !status.IsDir() {
		t.Fatalf("the folder: %v, %v", status, err)
	}
	if status, err := os.Stat(place); err != nil || status.Mode().Perm() != 0o700 {
		t.Errorf("the place: %v, %v", status, err)
	}

	volume.Status.Phase = corev1.VolumeReleased
	if _, err := volumes.UpdateStatus(t.Context(), volume, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the volume to go", func() bool {
		_, err := volumes.Get(t.Context(), name, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	if _, err := os.Stat(volume.Spec.Local.Path); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestRefusalsAreEvents(t *testing.T) {
	for name, test := range map[string]struct {
		claim *corev1.PersistentVolumeClaim
		want  string
	}{
		"no shared place": {testClaim(withModes(corev1.ReadWriteMany)), "Warning ProvisioningFailed access mode ReadWriteMany"},
		"too big": {testClaim(func(c *corev1.PersistentVolumeClaim) {
			c.Spec.Resources.Requests[corev1.ResourceStorage] = resource.MustParse("1Ei")
		}), "Warning ProvisioningFailed 1Ei are asked for"},
		"no such class": {testClaim(func(c *corev1.PersistentVolumeClaim) {
			c.Spec.StorageClassName = new(string)
		}), "Warning ProvisioningFailed cannot read the claim's storage class"},
	} {
		t.Run(name, func(t *testing.T) {
			client, events := startStrictly(t, true, Places{Own: t.TempDir()}, test.claim)
			if event := <-events.Events; !strings.HasPrefix(event, test.want) {
				t.Errorf("got the event %q", event)
			}
			volumes, err := client.CoreV1().PersistentVolumes().List(t.Context(), metav1.ListOptions{})
			if err != nil || len(volumes.Items) > 0 {
				t.Errorf("got %v, %v", volumes, err)
			}
		})
	}
}

func TestAClaimLargerThanTheDiskIsBoundWithAWarning(t *testing.T) {
	claim := testClaim(func(c *corev1.PersistentVolumeClaim) {
		c.Spec.Resources.Requests[corev1.ResourceStorage] = resource.MustParse("1Ei")
	})
	_, events := start(t, Places{Own: t.TempDir()}, claim)
	for _, want := range []string{"Warning VolumeLargerThanDisk 1Ei are asked for, and ", "Normal ProvisioningSucceeded"} {
		if event := <-events.Events; !strings.HasPrefix(event, want) {
			t.Errorf("got the event %q", event)
		}
	}
}

func TestASharedPlaceThatIsMissingIsNotMade(t *testing.T) {
	shared := filepath.Join(t.TempDir(), "not-mounted")
	_, events := start(t, Places{Own: t.TempDir(), Shared: shared}, testClaim(withModes(corev1.ReadWriteMany)))
	if event := <-events.Events; !strings.Contains(event, "--local-storage-shared-path") {
		t.Errorf("got the event %q", event)
	}
	if _, err := os.Stat(shared); !os.IsNotExist(err) {
		t.Errorf("it is made: %v", err)
	}
}

func TestTheClassIsMadeOnceAndIsTheirsThen(t *testing.T) {
	client := fake.NewClientset()
	classes := client.StorageV1().StorageClasses()
	if err := EnsureClass(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	class, err := classes.Get(t.Context(), className, metav1.GetOptions{})
	if err != nil || !isDefault(*class) {
		t.Fatalf("got %v, %v", class, err)
	}
	class.Annotations[annotationDefault] = "false"
	if _, err := classes.Update(t.Context(), class, metav1.UpdateOptions{FieldManager: "kubectl"}); err != nil {
		t.Fatal(err)
	}
	if err := EnsureClass(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if class, err = classes.Get(t.Context(), className, metav1.GetOptions{}); err != nil || isDefault(*class) {
		t.Errorf("it is the default again: %v, %v", class, err)
	}
}

func TestTheClassIsNotTheSecondDefault(t *testing.T) {
	other := storagev1.StorageClass{}
	other.Annotations = map[string]string{annotationBeta: "true"}
	if isDefault(*planClass([]storagev1.StorageClass{other})) {
		t.Error("it takes the default away from another class")
	}
}

func TestWithoutLocalStorageTheClassGoesUnlessItIsTheirs(t *testing.T) {
	for name, test := range map[string]struct {
		writers []string
		stays   bool
	}{
		"only the engine wrote to it": {[]string{fieldManager}, false},
		"somebody else did, too":      {[]string{fieldManager, "kubectl-client-side-apply"}, true},
		"nobody knows":                {nil, true},
	} {
		class := planClass(nil)
		for _, writer := range test.writers {
			class.ManagedFields = append(class.ManagedFields, metav1.ManagedFieldsEntry{Manager: writer})
		}
		client := fake.NewClientset(class)
		if err := RemoveClass(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		_, err := client.StorageV1().StorageClasses().Get(t.Context(), className, metav1.GetOptions{})
		if stays := err == nil; stays != test.stays {
			t.Errorf("%s: it stays: %v", name, stays)
		}
		if err := RemoveClass(t.Context(), client); err != nil {
			t.Errorf("%s: the second time: %v", name, err)
		}
	}
}
