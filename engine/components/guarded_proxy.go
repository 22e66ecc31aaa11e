package components

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"kubesolo-os/engine/crash"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/nftables"
)

const proxyTable = "kube-proxy"

// ownChanges is how long after a change of Services kube-proxy may still be carrying it out: it gathers them for a second,
// removes chains at the next time, and a slow machine that starts takes half a minute for it.
const ownChanges = time.Minute

// proxyActivity is when kube-proxy last had something to do, and what it needs to be told to do all of it again.
type proxyActivity struct {
	started atomic.Bool
	last    atomic.Int64 // nanoseconds since 1970
	labels  atomic.Pointer[map[string]string]
}

func (a *proxyActivity) note() { a.last.Store(time.Now().UnixNano()) }

// isDisturbed: kube-proxy itself removes chains and elements of Services that change. The table, and the chains that are for
// all of them (without a slash in their names), it only replaces.
func (p *guardedProxier) isDisturbed(change nftables.Change) bool {
	if change.Gone {
		return true
	}
	idle := time.Since(time.Unix(0, p.activity.last.Load())) > ownChanges
	for name, net := range change.Net {
		isStatic := !strings.Contains(name, "/") && !proxySets[name]
		isAffinity := strings.HasPrefix(name, "affinity-") // its elements come and go with clients
		if net < 0 && !isAffinity && (isStatic || idle) {
			return true
		}
	}
	return false
}

// proxySets have elements for each Service.
var proxySets = map[string]bool{
	"cluster-ips": true, "service-ips": true, "service-nodeports": true, "firewall-ips": true, "hairpin-connections": true,
	"no-endpoint-services": true, "no-endpoint-nodeports": true, "localhost-nodeport-reject-ports": true,
}

// restore has kube-proxy write everything anew, as it does when the node's place changes.
func (p *guardedProxier) restore(context.Context) (bool, error) {
	if !p.activity.started.Load() {
		return false, errors.New("kube-proxy has not started yet")
	}
	labels := map[string]string{}
	if known := p.activity.labels.Load(); known != nil {
		labels = *known
	}
	p.OnTopologyChange(labels)
	return true, nil
}

func (p *guardedProxier) OnEndpointSliceAdd(endpoints *discoveryv1.EndpointSlice) {
	p.handle(endpoints, func() { p.Provider.OnEndpointSliceAdd(endpoints) })
}

func (p *guardedProxier) OnEndpointSliceUpdate(old, endpoints *discoveryv1.EndpointSlice) {
	p.handle(endpoints, func() { p.Provider.OnEndpointSliceUpdate(old, endpoints) })
}

func (p *guardedProxier) OnEndpointSliceDelete(endpoints *discoveryv1.EndpointSlice) {
	p.handle(endpoints, func() { p.Provider.OnEndpointSliceDelete(endpoints) })
}

func (p *guardedProxier) OnTopologyChange(labels map[string]string) {
	p.activity.labels.Store(&labels)
	p.activity.note()
	p.Provider.OnTopologyChange(labels)
}

// handle: an object that kube-proxy can't take in keeps it from no other.
func (p *guardedProxier) handle(object metav1.Object, do func()) {
	p.activity.note()
	err := crash.Catch(func() error {
		do()
		return nil
	})
	if err != nil {
		logs.Line(proxy, "%T %s/%s is left as it was, and so doesn't hold: %v", object, object.GetNamespace(), object.GetName(), err)
	}
}
