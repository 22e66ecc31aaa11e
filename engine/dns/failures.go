package dns

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/request"
	miekg "github.com/miekg/dns"

	"kubesolo-os/engine/logs"
)

const failureInterval = time.Hour

// failures logs why a question can't be answered: once an hour, because on a node without a network
// every question for a name outside the cluster fails. After a reload, the first one is logged again.
type failures struct {
	next plugin.Handler
	last atomic.Pointer[time.Time]
}

func setUpFailures(c *caddy.Controller) error {
	dnsserver.GetConfig(c).AddPlugin(func(next plugin.Handler) plugin.Handler {
		return &failures{next: next}
	})
	return nil
}

func (f *failures) Name() string { return "failures" }

// ServeDNS implements plugin.Handler.
func (f *failures) ServeDNS(ctx context.Context, w miekg.ResponseWriter, r *miekg.Msg) (int, error) {
	code, err := plugin.NextOrFailure(f.Name(), f.next, ctx, w, r)
	if err != nil && f.isDue(time.Now()) {
		question := request.Request{W: w, Req: r}
		logs.Line(component, "cannot resolve %s (%s): %v; more of this is not logged for %s",
			strings.TrimSuffix(question.Name(), "."), question.Type(), explain(err), failureInterval)
	}
	return code, err
}

// explain says whose fault it is when what came isn't DNS: of the codec's own words nobody learns it. Pure.
func explain(err error) string {
	if _, isCodec := errors.AsType[*miekg.Error](err); isCodec {
		return fmt.Sprintf("a name server of the site gave an answer that isn't DNS (%v)", err)
	}
	return err.Error()
}

// isDue is true for one of several callers at the same time.
func (f *failures) isDue(now time.Time) bool {
	last := f.last.Load()
	return (last == nil || now.Sub(*last) >= failureInterval) && f.last.CompareAndSwap(last, &now)
}
