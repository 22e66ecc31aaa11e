package components

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kubesolo-os/engine/clock"
	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/pki"
)

const day = 24 * time.Hour

// renewalUnit looks at all certificates each day and whenever the clock is set. The components read
// renewed files by themselves: the servers at once, the clients within five minutes.
func renewalUnit(c config.Config, started time.Time) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       renewal,
		StopWithin: time.Second,
		Run: func(ctx context.Context) error {
			for {
				before := time.Now()
				if err := clock.Wait(ctx, before.Add(day)); err != nil || ctx.Err() != nil {
					return err
				}
				if err := clock.CheckTokens(clock.Jump(before, time.Now())); err != nil {
					return err
				}
				if err := clock.CheckTrust(started, time.Now()); err != nil {
					return err
				}
				renewed, err := pki.Ensure(c, time.Now())
				if err != nil {
					return fmt.Errorf("cannot renew certificates: %w", err)
				}
				if _, err := pki.TrustClients(c, time.Now()); err != nil {
					return fmt.Errorf("cannot renew the file of client authorities: %w", err)
				}
				if err := noteFingerprint(c); err != nil { // the CA may have been renewed, too
					logs.Line(renewal, "the console can't tell the CA's fingerprint: %v", err)
				}
				if len(renewed) > 0 {
					logs.Line(renewal, "renewed the certificates of %s", strings.Join(renewed, ", "))
				}
			}
		},
	}
}

// addressUnit ends the process when the node has got another address: it is in the certificates, in what
// Services point to, in the kubelet and in the proxy. Pods live on while the engine starts again.
func addressUnit(c config.Config) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       address,
		StopWithin: time.Second,
		Run: func(ctx context.Context) error {
			next, err := node.WaitForNewAddress(ctx, c.NodeIP, c.PodGateway())
			if err != nil {
				return err
			}
			return fmt.Errorf("the node's address has changed from %s to %s: starting again with the new one", c.NodeIP, next)
		},
	}
}
