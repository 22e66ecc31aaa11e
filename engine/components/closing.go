package components

import (
	"errors"
	"sync/atomic"
)

// errClosing is what the kubelet gets, and shows at the pod.
var errClosing = errors.New("the machine is shutting down; the pod starts after the reboot")

// Closing is whether the machine goes down, not only the engine.
type Closing struct{ flag atomic.Bool }

// Begin can be called at any time, from anywhere. From then on no container starts.
func (c *Closing) Begin() { c.flag.Store(true) }

func (c *Closing) begun() bool { return c.flag.Load() }

func (c *Closing) refuse() error {
	if c.begun() {
		return errClosing
	}
	return nil
}
