// The engine: a whole single-node Kubernetes as one process, and kubectl for it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	componentversion "k8s.io/component-base/version"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/images"
	"kubesolo-os/engine/kubectl"
	"kubesolo-os/engine/logs"
)

// Set by the build.
var (
	version = "dev"
	commit  = "unknown"
)

const (
	exitFailure = 1
	exitUsage   = 64
)

func main() {
	args := os.Args[1:]
	switch {
	case filepath.Base(os.Args[0]) == "kubectl":
		os.Exit(runKubectl(args))
	case len(args) > 0 && args[0] == "kubectl":
		os.Exit(runKubectl(args[1:]))
	case len(args) > 0 && args[0] == "images":
		os.Exit(runImages(args[1:]))
	}
	os.Exit(runEngine(args))
}

func runKubectl(args []string) int {
	node := config.Config{Path: config.DefaultPath}
	if path := os.Getenv(config.EnvironmentName("path")); path != "" {
		node.Path = path
	}
	return kubectl.Run(args, node.AdminKubeconfig())
}

func runImages(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	err := images.Command(ctx, config.ContainerdSocket, args, os.Stdin, os.Stdout)
	if errors.Is(err, images.ErrUsage) {
		fmt.Fprintln(os.Stderr, err)
		return exitUsage
	}
	if err != nil {
		logs.Line("images", "%v", err)
		return exitFailure
	}
	return 0
}

func runEngine(args []string) int {
	hostname, err := os.Hostname()
	if err != nil {
		logs.Line("engine", "cannot read the host's name: %v", err)
		return exitFailure
	}
	request, err := config.Parse(args, os.Getenv, hostname)
	if err != nil {
		logs.Line("engine", "%v", err)
		return exitUsage
	}
	if request.ShowHelp {
		fmt.Print(config.Usage())
		return 0
	}
	if request.ShowVersion {
		fmt.Printf("kubesolo %s (commit %s, kubernetes %s, %s)\n", version, commit, componentversion.Get().GitVersion, runtime.Version())
		return 0
	}
	if err := run(request.Config); err != nil {
		logs.Line("engine", "%v", err)
		return exitFailure
	}
	return 0
}
