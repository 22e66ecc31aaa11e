package logs

import (
	"runtime"
	"strings"
)

// packages maps the beginning of a Go package's path to the component that it belongs to.
// Shared libraries are not in it: who uses them is further up the stack.
var packages = []struct{ prefix, component string }{
	{"k8s.io/kubernetes/pkg/kubelet", "kubelet"},
	{"k8s.io/kubernetes/cmd/kubelet", "kubelet"},
	{"k8s.io/kubernetes/pkg/volume", "kubelet"},
	{"github.com/google/cadvisor", "kubelet"},
	{"k8s.io/kubernetes/pkg/proxy", "proxy"},
	{"k8s.io/kubernetes/cmd/kube-proxy", "proxy"},
	{"k8s.io/kubernetes/pkg/scheduler", "scheduler"},
	{"k8s.io/kubernetes/pkg/controller", "controllers"},
	{"k8s.io/kubernetes/cmd/kube-controller-manager", "controllers"},
	{"k8s.io/endpointslice", "controllers"},
	{"k8s.io/apiserver", "apiserver"},
	{"k8s.io/kube-aggregator", "apiserver"},
	{"k8s.io/apiextensions-apiserver", "apiserver"},
	{"k8s.io/kubernetes/pkg/controlplane", "apiserver"},
	{"k8s.io/kubernetes/pkg/registry", "apiserver"},
	{"k8s.io/kubernetes/plugin", "apiserver"},
	{"k8s.io/kubernetes/cmd/kube-apiserver", "apiserver"},
	{"github.com/containerd", "containerd"},
	{"github.com/k3s-io/kine", "kine"},
	{"github.com/coredns", "dns"},
	{"kubesolo-os/engine/images", "images"},
}

// ComponentOf is the component that a function belongs to, by its full name. It takes the longest prefix that fits.
func ComponentOf(function string) string {
	best, length := "", 0
	for _, entry := range packages {
		if len(entry.prefix) > length && strings.HasPrefix(function, entry.prefix) {
			best, length = entry.component, len(entry.prefix)
		}
	}
	return best
}

// callingComponent walks up the stack to the first function of a known component. Log lines are
// rare, so this costs nothing; the libraries' own ways to name a logger are used by few of them.
func callingComponent() string {
	var callers [48]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	for {
		frame, more := frames.Next()
		if component := ComponentOf(frame.Function); component != "" && !isLogLibrary(frame.Function) {
			return component
		}
		if !more {
			return "kubernetes"
		}
	}
}

func isLogLibrary(function string) bool {
	return strings.HasPrefix(function, "github.com/containerd/log")
}
