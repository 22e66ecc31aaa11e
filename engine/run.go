package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/component-base/metrics/legacyregistry"
	componentversion "k8s.io/component-base/version"

	"kubesolo-os/engine/components"
	"kubesolo-os/engine/config"
	"kubesolo-os/engine/health"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/metrics"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/pki"
	"kubesolo-os/engine/preflight"
)

// run is the engine, from start to stop. What a stop that was asked for interrupts is no failure.
func run(c config.Config) error {
	closing := &components.Closing{}
	ctx := untilSignal(closing)
	err := runUntil(ctx, c, closing)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func runUntil(ctx context.Context, c config.Config, closing *components.Closing) error {
	started := time.Now()
	if err := logs.Setup(c.Debug); err != nil {
		return err
	}
	// A shim looks for runc by its bare name when containerd asks it about itself.
	if path := os.Getenv("PATH"); !strings.HasPrefix(path, c.Program("")+":") {
		if err := os.Setenv("PATH", c.Program("")+":"+path); err != nil {
			return err
		}
	}
	ended, err := preflight.FreePorts(c)
	if err != nil {
		logs.Line("preflight", "could not free the engine's ports: %v", err)
	}
	for _, each := range ended {
		logs.Line("preflight", "%s", each.What)
	}
	if limit := node.RaiseWatchLimit(); limit > 0 {
		logs.Line("engine", "raised fs.inotify.max_user_instances to %d: other programs, or pods, had nearly all of them", limit)
	}
	if err := preflight.Look(c, func(format string, args ...any) { logs.Line("preflight", format, args...) }); err != nil {
		return err
	}
	if err := components.CheckAPIServerFiles(c); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Path, 0o755); err != nil {
		return err
	}
	lock, err := preflight.Lock(c.Path)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := node.LimitMemory(); err != nil {
		return err
	}
	ledger := lookBack(c)
	engine := health.NewEngine(version, started)
	if err := health.Serve(config.HealthSocket, engine); err != nil {
		return fmt.Errorf("cannot listen at %s: %w", config.HealthSocket, err)
	}
	if err := os.Remove(config.ReadyFile); err != nil && !errors.Is(err, os.ErrNotExist) { // of a run that was killed
		return err
	}
	if err := node.AfterReboot(c.BootIDFile(), components.CleanAfterReboot); err != nil {
		return err
	}
	if err := serveMetrics(c, engine); err != nil {
		return err
	}
	if err := components.SettleName(ctx, &c); err != nil {
		return err
	}
	followAddress := !c.NodeIP.IsValid()
	engine.Doing("no network interface has got an IPv4 address yet")
	if err := findAddress(ctx, &c); err != nil {
		return err
	}
	engine.Doing("preparing keys and certificates")
	renewed, err := pki.Ensure(c, time.Now())
	if err != nil {
		return fmt.Errorf("cannot prepare keys and certificates: %w", err)
	}
	if len(renewed) > 0 {
		logs.Line("engine", "renewed the certificates of %s", strings.Join(renewed, ", "))
	}
	units, err := components.Units(c, followAddress, closing, ended, ledger)
	if err != nil {
		return err
	}
	group, err := lifecycle.New(units)
	if err != nil {
		return err
	}
	engine.Runs(group)
	return group.Run(ctx, lifecycle.Options{
		StartupTimeout: c.StartupTimeout - time.Since(started),
		OnReady:        func(timings []lifecycle.Timing) { reportReady(time.Since(started), timings) },
		OnWaiting:      func(why string) { logs.Line("engine", "still starting: %s", why) },
		OnStop:         func() { reportStop(ctx, engine) },
		OnLate:         func(name string) { reportLate(c, name) },
	})
}

// serveMetrics: Kubernetes' components have one registry, kine and libraries another; the system around the engine leaves files.
func serveMetrics(c config.Config, engine *health.Engine) error {
	if !c.Metrics {
		return nil
	}
	own := metrics.Own{Version: version, Commit: commit, Kubernetes: componentversion.Get().GitVersion,
		Database: c.DatabaseFile(), Report: engine.Report}
	return metrics.Serve(c.MetricsAddress.String(), own, legacyregistry.DefaultGatherer, prometheus.DefaultGatherer, metrics.Textfiles(config.SystemMetrics))
}

// untilSignal ends at the first SIGTERM or SIGINT, and at SIGPWR, with which the operating system says that the machine goes
// down: pods then end, too. The second signal ends the process at once.
func untilSignal(closing *components.Closing) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGPWR)
	go func() {
		if <-signals == syscall.SIGPWR {
			closing.Begin()
		}
		signal.Stop(signals)
		cancel()
	}()
	return ctx
}

func reportStop(ctx context.Context, engine *health.Engine) {
	os.Remove(config.ReadyFile) // it may never have got there
	engine.Doing("stopping")
	ordinary := ctx.Err() != nil
	if ordinary {
		logs.Line("engine", "stopping")
	}
	logs.Stopping(ordinary)
}

// reportLate is for developers: the API server is late every time, waiting for watches to end.
func reportLate(c config.Config, name string) {
	if c.Debug {
		logs.Line(name, "did not stop in time, going on without it")
	}
}

// findAddress: a node without a network gets the address that its pods know it by.
func findAddress(ctx context.Context, c *config.Config) error {
	if c.NodeIP.IsValid() {
		return nil
	}
	address, err := node.WaitForAddress(ctx, func(limit time.Duration) {
		logs.Line("engine", "no network interface has got an IPv4 address yet; waiting up to %s", limit)
	})
	if err != nil || address.IsValid() {
		c.NodeIP = address
		return err
	}
	logs.Line("engine", "no network interface has an IPv4 address: until one has, the node uses %s, which only its pods reach", c.PodGateway())
	c.NodeIP = c.PodGateway()
	return components.EnsurePodNetwork(*c)
}

func reportReady(total time.Duration, timings []lifecycle.Timing) {
	var parts []string
	for _, timing := range timings {
		if timing.Seconds >= 0.05 { // the rest is not worth reading
			parts = append(parts, fmt.Sprintf("%s %.1f", timing.Name, timing.Seconds))
		}
	}
	fmt.Fprintf(os.Stderr, "kubesolo: engine: ready in %.1f s (%s)\n", total.Seconds(), strings.Join(parts, ", "))
	// For those to whom a question at the socket costs too much, such as a shell on a small machine.
	if err := os.WriteFile(config.ReadyFile, fmt.Appendf(nil, "%.1f\n", total.Seconds()), 0o644); err != nil {
		logs.Line("engine", "cannot say that it is ready: %v", err)
	}
	node.ReturnMemory()
}
