package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"kubesolo-os/engine/components"
	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/pki"
)

// run is the engine, from start to stop.
func run(c config.Config) error {
	started := time.Now()
	ctx := untilSignal()
	if err := logs.Setup(c.Debug); err != nil {
		return err
	}
	// A shim looks for runc by its bare name when containerd asks it about itself.
	if err := os.Setenv("PATH", c.Program("")+":"+os.Getenv("PATH")); err != nil {
		return err
	}
	if err := node.LimitMemory(); err != nil {
		return err
	}
	if err := node.AfterReboot(c.BootIDFile(), components.CleanAfterReboot); err != nil {
		return err
	}
	if err := findAddress(ctx, &c); err != nil {
		return err
	}
	if err := pki.Ensure(c, time.Now()); err != nil {
		return fmt.Errorf("cannot prepare keys and certificates: %w", err)
	}
	units, err := components.Units(c)
	if err != nil {
		return err
	}
	return lifecycle.Run(ctx, units, lifecycle.Options{
		StartupTimeout: c.StartupTimeout - time.Since(started),
		OnReady:        func(timings []lifecycle.Timing) { reportReady(time.Since(started), timings) },
		OnWaiting:      func(why string) { logs.Line("engine", "still starting: %s", why) },
		OnStop:         func() { reportStop(ctx) },
		OnLate:         func(name string) { reportLate(c, name) },
	})
}

// untilSignal ends at the first SIGTERM or SIGINT. The second one ends the process at once.
func untilSignal() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ctx.Done()
		stop()
	}()
	return ctx
}

func reportStop(ctx context.Context) {
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

func findAddress(ctx context.Context, c *config.Config) error {
	if c.NodeIP.IsValid() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.StartupTimeout)
	defer cancel()
	address, err := node.WaitForAddress(ctx, func() {
		logs.Line("engine", "no network interface has got an IPv4 address yet; waiting up to %s", c.StartupTimeout)
	})
	c.NodeIP = address
	return err
}

func reportReady(total time.Duration, timings []lifecycle.Timing) {
	var parts []string
	for _, timing := range timings {
		if timing.Seconds >= 0.05 { // the rest is not worth reading
			parts = append(parts, fmt.Sprintf("%s %.1f", timing.Name, timing.Seconds))
		}
	}
	fmt.Fprintf(os.Stderr, "kubesolo: engine: ready in %.1f s (%s)\n", total.Seconds(), strings.Join(parts, ", "))
	node.ReturnMemory()
}
