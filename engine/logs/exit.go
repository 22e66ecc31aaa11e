package logs

import (
	"os"
	"runtime"
	"slices"
	"strings"
)

// Components end the process when they can't go on. While the engine stops because somebody asked, what they
// miss is a component that has stopped before them, and only the goroutine that met this has to end.

// exit is for libraries whose way of exiting can be replaced, and which count on it not to return.
func exit(code int) {
	if stopping.Load() {
		runtime.Goexit()
	}
	os.Exit(code)
}

// exitUnlessStopping is the same for containerd, which can go on: it calls a server that is stopped before it
// has begun to serve fatal.
func exitUnlessStopping(code int) {
	if !stopping.Load() {
		os.Exit(code)
	}
}

// exiting are functions that call os.Exit right after they have logged an error.
var exiting = []string{
	"k8s.io/kubernetes/pkg/kubelet.(*Kubelet).Run",
	"k8s.io/kubernetes/pkg/kubelet.(*Kubelet).initializeRuntimeDependentModules",
	"k8s.io/kubernetes/pkg/kubelet/kuberuntime.NewKubeGenericRuntimeManager",
	"k8s.io/kubernetes/pkg/kubelet/server.ListenAndServe",
}

// endGoroutineInsteadOfExit is called with each error that is logged.
func endGoroutineInsteadOfExit() {
	if quiet.Load() && slices.ContainsFunc(callers(), isExiting) {
		runtime.Goexit()
	}
}

func isExiting(function string) bool {
	return slices.ContainsFunc(exiting, func(prefix string) bool { return strings.HasPrefix(function, prefix) })
}

// callers are the functions that called the logging library, the nearest first. The logger itself, logr and
// klog, are not among those that exit.
func callers() (functions []string) {
	var found [8]uintptr
	frames := runtime.CallersFrames(found[:runtime.Callers(3, found[:])])
	for {
		frame, more := frames.Next()
		functions = append(functions, frame.Function)
		if !more {
			return functions
		}
	}
}
