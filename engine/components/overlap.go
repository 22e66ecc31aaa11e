package components

import (
	"context"
	"strings"
	"time"

	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
)

var networkOverlap = nodeWarning{
	condition: "NetworkOverlap", reason: "SiteNetworkOverlaps",
	noReason: "NoOverlap", allFine: "no network of the host is also the cluster's",
}

// overlapUnit tells when the site's network is also the cluster's, which an address may show that comes later: in the
// log, to the console and as a condition of the node. It changes nothing: only a person knows which network is free.
func overlapUnit(c config.Config, admin kubernetes.Interface) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       overlap,
		After:      []string{access},
		StopWithin: time.Second,
		Run: func(ctx context.Context) error {
			told, stopLast := "", func() {}
			err := node.WatchOverlaps(ctx, c, func(found []string) {
				message := strings.Join(found, "; ")
				if message != told && message != "" {
					logs.Line(overlap, "%s", message)
				}
				told = message
				if err := noteForConsole(config.OverlapFile, message); err != nil {
					logs.Line(overlap, "the console can't tell: %v", err)
				}
				stopLast() // what it would still write isn't so any more
				writing, stop := context.WithCancel(ctx)
				stopLast = stop
				makeOwn(writing, overlap, ownWrite{"the node's condition " + string(networkOverlap.condition), func(ctx context.Context) error {
					return networkOverlap.set(ctx, admin, c.NodeName, message, time.Now())
				}})
			})
			if err != nil { // no reason to end: it is for people only
				logs.Line(overlap, "networks that come from now on aren't looked at: %v", err)
				<-ctx.Done()
			}
			return nil
		},
	}
}
