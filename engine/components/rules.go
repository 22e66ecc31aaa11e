package components

import (
	"context"
	"time"

	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/nftables"
)

// guardedTable is one of nftables' that the node's network depends on.
type guardedTable struct {
	name string // "inet kubesolo-policy"
	what string // for people
	// isDisturbed says of a change whether somebody else took something away. nil: when it isn't our own.
	isDisturbed func(nftables.Change) bool
	// restore reports whether something had to be put back.
	restore func(context.Context) (bool, error)
}

const (
	// rulesSettle gathers changes that come together, as when all rules are flushed.
	rulesSettle = 300 * time.Millisecond
	// rulesRetry is also how often one table is restored at most, should somebody remove it again and again.
	rulesRetry = 5 * time.Second
)

// rulesUnit puts rules back that somebody else has removed: without them policies would let everything through, and
// Services, host ports and the way out of pods would end.
func rulesUnit(tables []guardedTable) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  rules,
		After: []string{containerd, policies, proxy},
		Run: func(ctx context.Context) error {
			guard := &rulesGuard{tables: tables, disturbed: make(chan int, 100)}
			go guard.run(ctx)
			// All others are written anew at a start.
			guard.look(nftables.Change{Table: ipv4.table(hostPortTable), Gone: true})
			return nftables.Watch(ctx, guard.look)
		},
		StopWithin: time.Second,
	}
}

type rulesGuard struct {
	tables    []guardedTable
	disturbed chan int
}

func (g *rulesGuard) look(change nftables.Change) {
	for i, table := range g.tables {
		missed := change.Table == ""
		if !missed && (change.Table != table.name || change.Own || (table.isDisturbed != nil && !table.isDisturbed(change))) {
			continue
		}
		select {
		case g.disturbed <- i:
		default: // those that wait will do
		}
	}
}

func (g *rulesGuard) run(ctx context.Context) {
	waiting := map[int]bool{}
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case i := <-g.disturbed:
			waiting[i] = true
			if settled == nil {
				settled = time.After(rulesSettle)
			}
			continue
		case <-settled:
		}
		for i := range g.tables { // in their order
			if waiting[i] && g.restore(ctx, g.tables[i]) {
				delete(waiting, i)
			}
		}
		settled = time.After(rulesRetry)
		if len(waiting) == 0 {
			settled = nil
		}
	}
}

func (g *rulesGuard) restore(ctx context.Context, table guardedTable) bool {
	restored, err := table.restore(ctx)
	if err != nil {
		logs.Line(rules, "somebody has changed the nftables rules of %s (table %s), trying again to put them back: %v", table.what, table.name, err)
		return false
	}
	if restored {
		logs.Line(rules, "somebody has changed the nftables rules of %s (table %s): put back", table.what, table.name)
	}
	return true
}
