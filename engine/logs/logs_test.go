package logs

import "testing"

func TestSplitHeader(t *testing.T) {
	tests := []struct {
		name, entry string
		severity    byte
		message     string
	}{
		{"an error", "E1123 00:18:26.123456    42 file.go:123] it failed [a] b\n", 'E', "it failed [a] b\n"},
		{"a warning without a header's end", "W something", 'W', "W something"},
		{"a bracket in a later line", "I1 x\n[1] y", 'I', "I1 x\n[1] y"},
		{"nothing", "", 'I', ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			severity, message := splitHeader(test.entry)
			if severity != test.severity || message != test.message {
				t.Errorf("got %q, %q", severity, message)
			}
		})
	}
}

func TestComponentOf(t *testing.T) {
	tests := []struct{ function, want string }{
		{"k8s.io/kubernetes/pkg/kubelet.(*Kubelet).syncLoop", "kubelet"},
		{"k8s.io/kubernetes/pkg/controller/garbagecollector.Run", "controllers"},
		{"k8s.io/kubernetes/pkg/controlplane.(*Instance).start", "apiserver"},
		{"github.com/k3s-io/kine/pkg/logstructured.New", "kine"},
		{"k8s.io/client-go/tools/cache.(*Reflector).Run", ""},
	}
	for _, test := range tests {
		if got := componentOf(test.function); got != test.want {
			t.Errorf("%s: got %q, want %q", test.function, got, test.want)
		}
	}
}

func TestSinkFormatsPairs(t *testing.T) {
	with := sink{}.WithValues("pod", "default/web").(sink)
	if got, want := with.format([]any{"err", "no such file", "n", 3}), ` pod=default/web err="no such file" n=3`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := (sink{}).format([]any{"odd"}); got != "" {
		t.Errorf("a key without a value: %q", got)
	}
}

func TestNoise(t *testing.T) {
	if !isNoise("Skipping API batch/v1beta1 because it has no resources.") || isNoise("database disk image is malformed") {
		t.Error("wrong lines are dropped")
	}
}
