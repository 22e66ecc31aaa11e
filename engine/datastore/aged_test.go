package datastore

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
)

const hour = int64(time.Hour / time.Second)

// stored is an object as the API server writes it.
func stored(t *testing.T, object runtime.Object) []byte {
	t.Helper()
	value, err := encode(object)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestLifetimeLeft(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	ago := func(d time.Duration) metav1.Time { return metav1.NewTime(now.Add(-d)) }
	event := func(change func(*corev1.Event)) []byte {
		e := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "a", CreationTimestamp: ago(50 * time.Minute)}}
		change(e)
		return stored(t, e)
	}
	for name, test := range map[string]struct {
		value []byte
		want  int64
		found bool
	}{
		"as old as it says": {event(func(*corev1.Event) {}), hour - 50*60, true},
		"counted again since": {event(func(e *corev1.Event) {
			e.LastTimestamp = ago(10 * time.Minute)
		}), hour - 10*60, true},
		"a series": {event(func(e *corev1.Event) {
			e.Series = &corev1.EventSeries{LastObservedTime: metav1.NewMicroTime(now.Add(-time.Minute))}
		}), hour - 60, true},
		"changed by somebody": {event(func(e *corev1.Event) {
			e.ManagedFields = []metav1.ManagedFieldsEntry{{Time: ptr.To(ago(5 * time.Minute))}}
		}), hour - 5*60, true},
		"its time is over": {event(func(e *corev1.Event) { e.CreationTimestamp = ago(3 * time.Hour) }), 1, true},
		"from the future":  {event(func(e *corev1.Event) { e.CreationTimestamp = ago(-time.Hour) }), hour, true},
		"without a time":   {event(func(e *corev1.Event) { e.CreationTimestamp = metav1.Time{} }), hour, true},
		"no object":        {[]byte("garbage"), 0, false},
	} {
		if got, found := lifetimeLeft(test.value, hour, now); got != test.want || found != test.found {
			t.Errorf("%s: %d s, %v", name, got, found)
		}
	}
}

// kine itself, started on a file that an earlier run has left.
func TestAnEventsTimeGoesOnOverRestarts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	plain := func(tables server.Dialect) server.Dialect { return tables }
	first := logstructured.New(newLog(t, file, "", plain))
	if err := first.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	write := func(key string, value []byte, lease int64) {
		if _, err := first.Create(t.Context(), key, value, lease); err != nil {
			t.Fatal(err)
		}
	}
	aged := func(age time.Duration) []byte {
		return stored(t, &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "a", CreationTimestamp: metav1.NewTime(time.Now().Add(-age))}})
	}
	for i := range 2 * eventsPage { // several pages of both lists
		write(fmt.Sprintf("/registry/events/default/old-%d", i), aged(2*time.Hour), hour)
	}
	write("/registry/events/default/young", aged(time.Minute), hour)
	write("/registry/events/default/strange", []byte("garbage"), hour)
	write("/registry/configmaps/default/lasting", aged(2*time.Hour), 0)

	second := logstructured.New(&Aged{Log: newLog(t, file, "", plain), Now: time.Now})
	if err := second.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := func() []string {
		_, found, err := second.List(t.Context(), "/registry/", "/registry0", 0, 0, true)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, each := range found {
			keys = append(keys, each.Key)
		}
		return keys
	}
	var keys []string
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		if keys = left(); len(keys) <= 4 {
			break
		}
	}
	want := []string{"/registry/configmaps/default/lasting", "/registry/events/default/strange", "/registry/events/default/young", "/registry/health"}
	if fmt.Sprint(keys) != fmt.Sprint(want) {
		t.Errorf("%d keys are left: %.300v", len(keys), keys)
	}
}
