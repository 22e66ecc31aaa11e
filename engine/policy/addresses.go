package policy

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// addresses are those of sandboxes as the runtime gives them out, and the pods that wait to be started
// until the rules know theirs. A pod's status would tell the address a second later, when its containers
// already run.
type addresses struct {
	urgent chan struct{} // somebody waits

	mutex   sync.Mutex
	byPod   map[types.UID]learnedAddresses
	waiting []waiter
}

type learnedAddresses struct {
	sandbox   string
	addresses []netip.Addr
}

type waiter struct {
	pod  types.UID
	done chan error
}

func newAddresses() *addresses {
	return &addresses{urgent: make(chan struct{}, 1), byPod: map[types.UID]learnedAddresses{}}
}

// learnTimeout is longer than any change of the rules takes, also on an emulated machine.
const learnTimeout = 15 * time.Second

// Learn returns when the rules know a new pod's addresses. It fails when they can't be made: the pod must
// not start then.
func (c *Controller) Learn(ctx context.Context, pod types.UID, sandbox string, own []netip.Addr) error {
	ctx, cancel := context.WithTimeout(ctx, learnTimeout)
	defer cancel()
	done := c.addresses.learn(pod, learnedAddresses{sandbox, own})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		c.addresses.leave(done)
		return fmt.Errorf("the network policies did not take the pod's addresses %v in time: %w", own, ctx.Err())
	}
}

// Forget is for a sandbox that has stopped; its address is free again.
func (c *Controller) Forget(sandbox string) {
	c.addresses.mutex.Lock()
	defer c.addresses.mutex.Unlock()
	for pod, learned := range c.addresses.byPod {
		if learned.sandbox == sandbox {
			delete(c.addresses.byPod, pod)
			c.signal()
		}
	}
}

func (a *addresses) learn(pod types.UID, own learnedAddresses) chan error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	done := make(chan error, 1)
	a.byPod[pod] = own
	a.waiting = append(a.waiting, waiter{pod, done})
	select {
	case a.urgent <- struct{}{}:
	default: // it is already awake
	}
	return done
}

func (a *addresses) leave(done chan error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.remove(done)
}

func (a *addresses) remove(done chan error) {
	a.waiting = slices.DeleteFunc(a.waiting, func(each waiter) bool { return each.done == done })
}

// snapshot is taken before the rules are made, so that whoever waits then is served by them.
func (a *addresses) snapshot() (map[types.UID][]netip.Addr, []waiter) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	learned := make(map[types.UID][]netip.Addr, len(a.byPod))
	for pod, each := range a.byPod {
		learned[pod] = each.addresses
	}
	return learned, slices.Clone(a.waiting)
}

// answer tells those who waited the result. The API server's word of a pod may come later than the
// kubelet's; its waiter is told after the change that brings it.
func (a *addresses) answer(waiting []waiter, result error, isKnown func(types.UID) bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, each := range waiting {
		if result != nil || isKnown(each.pod) {
			each.done <- result
			a.remove(each.done)
		}
	}
}
