package policy

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// Controller keeps the kernel's rules what the policies say. Make one with NewController.
type Controller struct {
	options   Options
	policies  informers.SharedInformerFactory
	pods      informers.SharedInformerFactory // and namespaces: only from the first policy on
	watched   bool                            // pods are synced; only Run's goroutine
	applied   *Ruleset                        // nil: not known
	disturbed atomic.Bool                     // somebody else has changed the kernel's rules
	reported  map[string]bool
	addresses *addresses
	wake      chan struct{}
	ready     chan struct{}
	readyOnce sync.Once
}

// Options are what a Controller works with.
type Options struct {
	Client kubernetes.Interface
	Node   State // what of it is the node's, and stays: NodeServices, Bridge, Network6
	Log    func(format string, args ...any)
	// Apply carries a script out, as the package's function Apply does.
	Apply func(ctx context.Context, script string) error
	// Check is the package's CheckSystem, or nothing.
	Check func(context.Context) error
}

const (
	// settle gathers changes that come together, as when a Deployment is scaled.
	settle = 50 * time.Millisecond
	// A failure after the first success is tried again, after firstRetry and then more and more.
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
)

// NewController watches nothing yet.
func NewController(options Options) *Controller {
	return &Controller{
		options:   options,
		policies:  informers.NewSharedInformerFactory(options.Client, 0),
		pods:      informers.NewSharedInformerFactoryWithOptions(options.Client, 0, informers.WithTransform(trimPod)),
		reported:  map[string]bool{},
		addresses: newAddresses(),
		wake:      make(chan struct{}, 1),
		ready:     make(chan struct{}),
	}
}

// Run ends with ctx, or with an error when the first rules can't be made. When it ends the rules stay:
// pods run on without the engine, and keep being protected.
func (c *Controller) Run(ctx context.Context) error {
	if err := c.options.Check(ctx); err != nil {
		return err
	}
	if err := c.watch(ctx, c.policies, c.policies.Networking().V1().NetworkPolicies().Informer()); err != nil {
		return err
	}
	retry := time.Duration(0)
	for {
		err := c.sync(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			retry = 0
			c.readyOnce.Do(func() { close(c.ready) })
		case !c.isReady():
			return err
		default:
			retry = min(max(2*retry, firstRetry), lastRetry)
			c.options.Log("%v; trying again in %s, until then the rules are those of before", err, retry)
		}
		if !c.wait(ctx, retry) {
			return nil
		}
	}
}

// Ready is nil when the rules of all policies hold.
func (c *Controller) Ready(context.Context) error {
	if !c.isReady() {
		return errors.New("the network policies are not in force yet")
	}
	return nil
}

func (c *Controller) isReady() bool {
	select {
	case <-c.ready:
		return true
	default:
		return false
	}
}

// watch starts the informers and waits until they know everything.
func (c *Controller) watch(ctx context.Context, factory informers.SharedInformerFactory, all ...cache.SharedIndexInformer) error {
	for _, informer := range all {
		if _, err := informer.AddEventHandler(onAnyChange(c.signal)); err != nil {
			return fmt.Errorf("cannot watch for changes of the network policies: %w", err)
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return ctx.Err()
}

func onAnyChange(call func()) cache.ResourceEventHandler {
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { call() },
		UpdateFunc: func(any, any) { call() },
		DeleteFunc: func(any) { call() },
	}
}

func (c *Controller) signal() {
	select {
	case c.wake <- struct{}{}:
	default: // it is already awake
	}
}

// wait returns when there is something to do, and false when there will never be. A pod that waits to
// be started doesn't wait for other changes to gather.
func (c *Controller) wait(ctx context.Context, retry time.Duration) bool {
	var again <-chan time.Time
	if retry > 0 {
		again = time.After(retry)
	}
	select {
	case <-c.wake:
	case <-c.addresses.urgent:
		return true
	case <-again:
		return true
	case <-ctx.Done():
		return false
	}
	select {
	case <-time.After(settle):
	case <-c.addresses.urgent:
	case <-ctx.Done():
		return false
	}
	return true
}

// sync brings the kernel's rules up to date, in one transaction, if they have to change.
func (c *Controller) sync(ctx context.Context) error {
	learned, waiting := c.addresses.snapshot()
	state, err := c.state(ctx)
	if err != nil {
		return err
	}
	known := map[types.UID]bool{}
	if len(state.Policies) > 0 {
		all, err := c.pods.Core().V1().Pods().Lister().List(labels.Everything())
		if err != nil {
			return err
		}
		state.Pods = podsOf(all, learned)
		for _, pod := range all {
			known[pod.UID] = true
		}
	}
	ruleset, problems := Compile(state)
	c.report(problems)
	err = c.apply(ctx, ruleset)
	c.addresses.answer(waiting, err, func(pod types.UID) bool { return len(state.Policies) == 0 || known[pod] })
	return err
}

func (c *Controller) state(ctx context.Context) (State, error) {
	state := c.options.Node
	state.Namespaces = map[string]labels.Set{}
	var err error
	state.Policies, err = c.policies.Networking().V1().NetworkPolicies().Lister().List(labels.Everything())
	if err != nil || len(state.Policies) == 0 {
		return state, err
	}
	if !c.watched {
		core := c.pods.Core().V1()
		if err := c.watch(ctx, c.pods, core.Pods().Informer(), core.Namespaces().Informer()); err != nil {
			return state, err
		}
		c.watched = true
	}
	namespaces, err := c.pods.Core().V1().Namespaces().Lister().List(labels.Everything())
	for _, namespace := range namespaces {
		state.Namespaces[namespace.Name] = namespace.Labels
	}
	return state, err
}

// Restore puts the rules back that somebody else has changed.
func (c *Controller) Restore() {
	c.disturbed.Store(true)
	c.signal()
}

func (c *Controller) apply(ctx context.Context, next Ruleset) error {
	if c.disturbed.Swap(false) {
		c.applied = nil
	}
	if c.applied != nil {
		script := c.applied.Change(next)
		if script == "" {
			return nil
		}
		if c.options.Apply(ctx, script) == nil {
			c.applied = &next
			return nil
		}
		// Somebody may have changed the table.
	}
	c.applied = nil
	if err := c.options.Apply(ctx, next.Replace()); err != nil {
		return err
	}
	c.applied = &next
	return nil
}

// report logs each problem once, and again when it comes back.
func (c *Controller) report(problems []error) {
	now := map[string]bool{}
	for _, problem := range problems {
		now[problem.Error()] = true
		if !c.reported[problem.Error()] {
			c.options.Log("%v", problem)
		}
	}
	c.reported = now
}
