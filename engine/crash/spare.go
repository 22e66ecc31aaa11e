package crash

import (
	"context"
	"net/http"
	"os"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"
)

// SpareOthers has a panic end only the work in which it comes up, where Kubernetes' components have a place for that: the loop
// of a controller goes on with the next object, the kubelet with the other pods. By default they end the process there, as a
// lock may be left held: right once, but an object that is met at each start would take the API away for good. Call it
// before they start; docs/decisions/0013-panics.md.
func SpareOthers(file string) {
	utilruntime.ReallyCrash = false
	utilruntime.PanicHandlers = []func(context.Context, any){func(_ context.Context, reason any) {
		if reason == http.ErrAbortHandler { // the ordinary end of a request whose client has gone
			return
		}
		text := describe(reason)
		report, _ := parse(text)
		klog.Errorf("%v; it ended only what was worked on, which waits for its next change or the next start; all of it is in %s", Panic{report}, LastFile(file))
		_ = os.WriteFile(LastFile(file), []byte(text), 0o600) // on a full disk the line says enough
	}}
}
