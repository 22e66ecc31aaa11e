package components

import (
	"testing"

	"k8s.io/client-go/tools/record"
)

func TestWhatIsLeftOutIsToldByEventsToo(t *testing.T) {
	recorder := record.NewFakeRecorder(3)
	told := &leftOut{}
	told.tell(containerd, "/a", "b.toml: wrong")
	if len(recorder.Events) > 0 {
		t.Error("told before there is a recorder")
	}
	told.recordWith(recorder, "node-1")
	told.tell(kubelet, "/c", "d.conf: wrong")
	for _, want := range []string{"Warning SettingLeftOut /a is left out: b.toml: wrong", "Warning SettingLeftOut /c is left out: d.conf: wrong"} {
		if got := <-recorder.Events; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
