package logs

import (
	"strings"
	"testing"
	"unicode/utf8"
)

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

func TestSplitLevel(t *testing.T) {
	tests := []struct{ name, entry, level, message string }{
		{"a plugin of CoreDNS", "[WARNING] plugin/errors: 2 example.com. A: timeout\n", "WARNING", "2 example.com. A: timeout\n"},
		{"CoreDNS itself", "[INFO] Reloading\n", "INFO", "Reloading\n"},
		{"no level", "http: TLS handshake error: EOF", "", "http: TLS handshake error: EOF"},
		{"a bracket that is no level", "[core] it failed", "", "[core] it failed"},
		{"an address", "[::1] refused", "", "[::1] refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if level, message := splitLevel(test.entry); level != test.level || message != test.message {
				t.Errorf("got %q, %q", level, message)
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
		if got := ComponentOf(test.function); got != test.want {
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

func TestWhatAnAskedForStopInterruptsIsNoFailure(t *testing.T) {
	interrupted := "cannot load /x.tar, going on without it: context canceled"
	if isOfTheStop(interrupted) {
		t.Error("nobody asked for a stop")
	}
	Stopping(true)
	defer func() {
		stopping.Store(false)
		quiet.Store(false)
	}()
	if !isOfTheStop(interrupted) || isOfTheStop("cannot load /x.tar, going on without it: no space left on device") {
		t.Error("wrong lines are dropped")
	}
}

func TestShorten(t *testing.T) {
	if got := shorten("short"); got != "short" {
		t.Errorf("got %q", got)
	}
	got := shorten("error in txn" + strings.Repeat("é", 5000) + "disk is full")
	if len(got) > longestLine+50 || !strings.HasPrefix(got, "error in txn") || !strings.HasSuffix(got, "disk is full") || !utf8.ValidString(got) {
		t.Errorf("got %q", got)
	}
}

func TestALineActsOnNoTerminal(t *testing.T) {
	if got := oneLine("pod \x1b[2J\nfailed\r\n"); got != `pod \x1b[2J | failed` {
		t.Error(got)
	}
}
