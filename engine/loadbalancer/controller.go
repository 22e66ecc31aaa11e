// Package loadbalancer answers Services of type LoadBalancer with the node's own addresses. kube-proxy does
// the rest: it takes what arrives at an address that a Service's status names.
package loadbalancer

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"

	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/ports"
)

const retryPause = 30 * time.Second

// Controller keeps the statuses of all Services as planned.
type Controller struct {
	client   kubernetes.Interface
	events   record.EventRecorder
	services corelisters.ServiceLister
	nodes    corelisters.NodeLister
	nodeName string
	fixed    netip.Addr
	engine   []ports.Port
	network  Network
	synced   []cache.InformerSynced
	changed  chan struct{} // holds one: something is to be looked at
	told     map[cache.ObjectName]string
}

// Network is what the machine has of addresses.
type Network interface {
	Addresses() ([]netip.Addr, error)
	// Watch calls when they may have changed, until ctx ends.
	Watch(ctx context.Context, call func()) error
}

// New needs to be called before the factory is started. Services answer at the fixed address, or, when
// that is the zero value, at each of the node's, but on no port of the engine's.
func New(client kubernetes.Interface, factory informers.SharedInformerFactory, events record.EventRecorder, nodeName string, fixed netip.Addr, engine []ports.Port, network Network) (*Controller, error) {
	services, nodes := factory.Core().V1().Services(), factory.Core().V1().Nodes()
	c := &Controller{
		client: client, events: events, nodeName: nodeName, fixed: fixed, engine: engine, network: network,
		services: services.Lister(), nodes: nodes.Lister(),
		synced:  []cache.InformerSynced{services.Informer().HasSynced, nodes.Informer().HasSynced},
		changed: make(chan struct{}, 1),
		told:    map[cache.ObjectName]string{},
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { c.look() },
		UpdateFunc: func(_, _ any) { c.look() },
		DeleteFunc: func(any) { c.look() },
	}
	for _, informer := range []cache.SharedIndexInformer{services.Informer(), nodes.Informer()} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Controller) look() {
	select {
	case c.changed <- struct{}{}:
	default: // it will be looked at anyway
	}
}

// Run works until ctx ends.
func (c *Controller) Run(ctx context.Context) {
	if err := c.network.Watch(ctx, c.look); err != nil {
		logs.Line("loadbalancer", "addresses that the node gets later count from the next start: %v", err)
	}
	if !cache.WaitForCacheSync(ctx.Done(), c.synced...) {
		return
	}
	var retry <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.changed:
		case <-retry:
		}
		retry = nil
		if !c.sync(ctx) {
			retry = time.After(retryPause)
		}
	}
}

// sync brings all statuses up to date. It reports false when there is reason to try again without a change.
func (c *Controller) sync(ctx context.Context) bool {
	addresses := c.addresses()
	services, err := c.services.List(labels.Everything())
	if err != nil || len(addresses) == 0 { // no error comes from a cache; the node gets its address soon
		return true
	}
	listener, err := c.listeners(ctx, services, addresses)
	if err != nil {
		logs.Line("loadbalancer", "%v", err)
		return false
	}
	decisions := plan(services, node{addresses, c.engine, listener})
	c.tell(decisions)
	done := write(ctx, c.client, decisions)
	for _, d := range decisions {
		done = done && !d.mayPass
	}
	return done
}

// listeners looks at the node's programs and pods only when a Service wants something new, which is rare.
func (c *Controller) listeners(ctx context.Context, services []*corev1.Service, addresses []netip.Addr) (func(port) string, error) {
	if !slices.ContainsFunc(services, func(s *corev1.Service) bool { return isAnswered(s) && !hasItsPorts(s) }) {
		return func(port) string { return "" }, nil
	}
	pods, err := c.client.CoreV1().Pods(metav1.NamespaceAll).List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return nil, fmt.Errorf("cannot list the pods: %w", err)
	}
	taken := hostPorts(pods.Items, addresses)
	for _, each := range readSockets(addresses) {
		if taken[each] == "" {
			taken[each] = "a program of the node"
		}
	}
	return func(wanted port) string { return taken[wanted] }, nil
}

// addresses are all at which the node is reached, of each card; the one that it is known by comes first.
func (c *Controller) addresses() []netip.Addr {
	if c.fixed.IsValid() {
		return []netip.Addr{c.fixed}
	}
	node, err := c.nodes.Get(c.nodeName)
	if err != nil {
		return nil
	}
	first := internalIP(node)
	if !first.IsValid() {
		return nil
	}
	others, err := c.network.Addresses()
	if err != nil {
		logs.Line("loadbalancer", "Services answer at %s only: %v", first, err)
	}
	others = slices.DeleteFunc(others, func(each netip.Addr) bool { return each == first })
	return append([]netip.Addr{first}, others...)
}

// internalIP is the node's IPv4 address; Services have no others here. Pure.
func internalIP(node *corev1.Node) netip.Addr {
	for _, each := range node.Status.Addresses {
		address, err := netip.ParseAddr(each.Address)
		if each.Type == corev1.NodeInternalIP && err == nil && address.Is4() {
			return address
		}
	}
	return netip.Addr{}
}

// tell says in an event why a Service gets no address, once for each reason.
func (c *Controller) tell(decisions []decision) {
	told := map[cache.ObjectName]string{}
	for _, d := range decisions {
		name := cache.MetaObjectToName(d.service)
		if d.refusal != "" && c.told[name] != d.refusal {
			c.events.Event(d.service, corev1.EventTypeWarning, "SyncLoadBalancerFailed", d.refusal)
		}
		told[name] = d.refusal
	}
	c.told = told
}
