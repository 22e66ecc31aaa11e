package components

import (
	"context"
	"sync"
	"time"

	"kubesolo-os/engine/logs"
)

// ownWrite makes or mends objects that the engine itself needs. It looks first, and writes only what is missing.
type ownWrite struct {
	what string // "the node", for people
	do   func(context.Context) error
}

const (
	firstWritePause = time.Second
	lastWritePause  = time.Minute
)

// makeOwn returns when each write was tried once. What failed goes on being tried until it succeeds, and ends nothing:
// a webhook, a policy or a quota of somebody's may have refused it, and whoever could mend that, a person or the
// webhook's own pod, needs an engine that runs.
func makeOwn(ctx context.Context, component string, writes ...ownWrite) {
	var tried sync.WaitGroup
	for _, write := range writes {
		tried.Go(func() {
			if err := write.do(ctx); err != nil {
				go tryAgain(ctx, component, write, err)
			}
		})
	}
	tried.Wait()
}

// tryAgain tells of each other reason once.
func tryAgain(ctx context.Context, component string, write ownWrite, err error) {
	told := ""
	for pause := firstWritePause; err != nil; pause = min(2*pause, lastWritePause) {
		if why := err.Error(); why != told && ctx.Err() == nil {
			logs.Line(component, "cannot make %s, trying again: %s", write.what, why)
			told = why
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		err = write.do(ctx)
	}
	logs.Line(component, "made %s after all", write.what)
}
