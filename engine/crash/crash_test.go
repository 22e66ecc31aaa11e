package crash

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, text string
		want       Report
	}{
		{"containerd's, in a goroutine of a library", `panic: runtime error: slice bounds out of range [:12] with length 3

goroutine 2381 [running]:
github.com/containerd/containerd/v2/core/images.SetChildrenMappedLabels.func1({0x5d1, 0xc0})
	/x/handlers.go:334 +0x6c8
golang.org/x/sync/errgroup.(*Group).Go.func1()
	/x/errgroup.go:93 +0x50
created by golang.org/x/sync/errgroup.(*Group).Go in goroutine 2379
	/x/errgroup.go:78 +0x93
`, Report{"runtime error: slice bounds out of range [:12] with length 3", "github.com/containerd/containerd/v2/core/images.SetChildrenMappedLabels.func1", "containerd", false}},
		{"passed on by Kubernetes", `panic: boom [recovered]
	panic: boom

goroutine 7 [running]:
k8s.io/apimachinery/pkg/util/runtime.handleCrash({0x1, 0x2}, {0x3, 0x4}, {0x0, 0x0, 0x0})
	/x/runtime.go:114 +0x1
panic({0x1, 0x2})
	/x/panic.go:783 +0x1
sync.(*Mutex).Lock(...)
	/x/mutex.go:1
k8s.io/kubernetes/pkg/kubelet.(*podWorkers).podWorkerLoop(0xc0)
	/x/pod_workers.go:1
`, Report{"boom", "sync.(*Mutex).Lock", "kubelet", false}},
		{"no panic", "fatal error: concurrent map writes\n\ngoroutine 9 [running]:\nmain.main()\n", Report{"concurrent map writes", "main.main", "", false}},
		{"without a stack", "panic: a\n", Report{Reason: "a"}},
		{"nothing", "", Report{}},
		{"something else", "hello\n", Report{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, found := parse(test.text); got != test.want || found != (test.want.Reason != "") {
				t.Errorf("got %+v, %v", got, found)
			}
		})
	}
}

const crashing = "KUBESOLO_TEST_CRASH"

// This process again, which crashes as an engine would: in a goroutine that nobody watches.
func TestACrashIsReadByTheNextRun(t *testing.T) {
	if file := os.Getenv(crashing); file != "" {
		if _, err := Watch(file); err != nil {
			t.Fatal(err)
		}
		go panic("nobody catches this")
		select {}
	}
	file := filepath.Join(t.TempDir(), "crash")
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), crashing+"="+file)
	if err := again.Run(); err == nil {
		t.Fatal("it didn't crash")
	}
	last, err := Watch(file)
	if err != nil || last == nil || !strings.Contains(last.Reason, "nobody catches this") {
		t.Errorf("got %+v, %v", last, err)
	}
	if text, err := os.ReadFile(LastFile(file)); err != nil || !strings.Contains(string(text), "goroutine") {
		t.Errorf("kept: %s, %v", text, err)
	}
	if again, err := Watch(file); again != nil || err != nil {
		t.Errorf("told twice: %+v, %v", again, err)
	}
}
