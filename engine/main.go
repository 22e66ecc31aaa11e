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
	"kubesolo-os/engine/datastore"
	"kubesolo-os/engine/health"
	"kubesolo-os/engine/images"
	"kubesolo-os/engine/kubectl"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/preflight"
)

// Set by the build.
var (
	version = "dev"
	commit  = "unknown"
)

// Exit codes, after BSD's sysexits.h where it has one; docs/engine-failures.md is for people.
const (
	exitFailure     = 1  // a component failed, or `status`: not ready
	exitUsage       = 64 // the command line or the configuration can't be understood
	exitDamaged     = 65 // the database is damaged
	exitUnavailable = 69 // `status`: the engine is not running
	exitHost        = 78 // this host can't run the engine: something is missing, taken or full
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
	case len(args) > 0 && args[0] == "status":
		os.Exit(runStatus(args[1:]))
	}
	os.Exit(runEngine(args))
}

// runKubectl uses the admin's kubeconfig of this node, wherever the configuration puts it.
func runKubectl(args []string) int {
	node := config.Config{Path: config.DefaultPath}
	if resolved, err := resolve(config.Arguments{}); err == nil {
		node = resolved.Config
	}
	return kubectl.Run(args, node.AdminKubeconfig())
}

func runImages(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	err := images.Command(ctx, config.ContainerdSocket, args, os.Stdin, os.Stdout)
	if _, isUsage := errors.AsType[images.UsageError](err); isUsage {
		fmt.Fprintln(os.Stderr, logs.Printable(err.Error()))
		return exitUsage
	}
	if err != nil {
		logs.Line("images", "%v", err)
		return exitFailure
	}
	return 0
}

func runStatus(args []string) int {
	ready, err := health.Command(context.Background(), config.HealthSocket, args, os.Stdout)
	switch {
	case errors.Is(err, health.ErrUsage):
		fmt.Fprintln(os.Stderr, err)
		return exitUsage
	case errors.Is(err, health.ErrNotRunning):
		logs.Line("status", "%v", err)
		return exitUnavailable
	case err != nil:
		logs.Line("status", "%v", err)
		return exitFailure
	case !ready:
		return exitFailure
	}
	return 0
}

func runEngine(args []string) int {
	arguments := config.ParseArguments(args)
	if arguments.ShowHelp {
		fmt.Print(config.Usage())
		return 0
	}
	if arguments.ShowVersion {
		fmt.Printf("kubesolo %s (commit %s, kubernetes %s, %s)\n", version, commit, componentversion.Get().GitVersion, runtime.Version())
		return 0
	}
	resolved, err := resolve(arguments)
	if usage, isUsage := errors.AsType[config.UsageError](err); isUsage {
		for _, problem := range usage.Problems {
			logs.Line("engine", "%s", problem)
		}
		return exitUsage
	}
	if err != nil {
		return failed(err)
	}
	for _, warning := range resolved.Warnings {
		logs.Line("engine", "%s", warning)
	}
	if arguments.PrintConfig {
		text, err := resolved.Print(arguments.ShowSecrets)
		if err != nil {
			return failed(err)
		}
		fmt.Print(text)
		return 0
	}
	if err := run(resolved.Config); err != nil {
		return failed(err)
	}
	return 0
}

// resolve reads what the configuration is made from. Mistakes of the caller are a config.UsageError.
func resolve(arguments config.Arguments) (config.Resolved, error) {
	hostname, err := os.Hostname()
	if err != nil {
		return config.Resolved{}, fmt.Errorf("cannot read the host's name: %w", err)
	}
	machine := config.Machine{Hostname: hostname, CPUs: runtime.NumCPU()}
	return config.Resolve(arguments, config.ReadFile(arguments.File), os.Environ(), machine)
}

// failed says why the engine ends, and returns the exit code for it.
func failed(err error) int {
	logs.Line("engine", "%v", err)
	switch {
	case errors.As(err, new(preflight.Refusal)):
		return exitHost
	case errors.As(err, new(datastore.Damaged)):
		return exitDamaged
	case errors.As(err, new(config.UsageError)):
		return exitUsage
	}
	return exitFailure
}
