package components

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	coordination "k8s.io/api/coordination/v1"
	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// heartbeat tells whether the node is Ready now. The Node object alone can't: after a restart it still
// says what it said last time. So the heartbeat has to differ from the one found before the kubelet
// started; being later isn't asked for, because the clock may have been set back in between.
type heartbeat struct {
	admin kubernetes.Interface
	name  string
	last  atomic.Pointer[time.Time] // nil until it was looked for; whoever asks for ready doesn't wait for that
}

func (h *heartbeat) remember(ctx context.Context) error {
	node, err := h.admin.CoreV1().Nodes().Get(ctx, h.name, metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("cannot read node %s: %w", h.name, err)
	}
	last := time.Time{}
	if err == nil {
		if ready := readyCondition(node); ready != nil {
			last = ready.LastHeartbeatTime.Time
		}
	}
	h.last.Store(&last)
	return nil
}

func (h *heartbeat) checkReady(ctx context.Context) error {
	last := h.last.Load()
	if last == nil {
		return errors.New("the kubelet has not started yet")
	}
	node, err := h.admin.CoreV1().Nodes().Get(ctx, h.name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	return readiness(node, *last)
}

// checkStill asks, once the node has been ready, whether it is so now. The kubelet writes the node's
// status only when it changes; its lease is the sign of life.
func (h *heartbeat) checkStill(ctx context.Context) error {
	if err := h.checkReady(ctx); err != nil {
		return err
	}
	lease, err := h.admin.CoordinationV1().Leases(v1.NamespaceNodeLease).Get(ctx, h.name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("cannot read the node's heartbeat: %w", err)
	}
	return freshness(lease, time.Now())
}

// freshness is nil for a lease that the kubelet still renews, which it does every quarter of the lease's
// duration. One from the future is none: the clock was set back, and nobody has renewed since. Pure.
func freshness(lease *coordination.Lease, now time.Time) error {
	if lease.Spec.RenewTime == nil || lease.Spec.LeaseDurationSeconds == nil {
		return errors.New("the node has no heartbeat")
	}
	age := now.Sub(lease.Spec.RenewTime.Time).Round(time.Second)
	if limit := time.Duration(*lease.Spec.LeaseDurationSeconds) * time.Second; age.Abs() > limit {
		return fmt.Errorf("the node's last heartbeat is %s old, more than %s", age, limit)
	}
	return nil
}

// readiness is nil for a node that is ready, and otherwise why it is not. Pure.
func readiness(node *v1.Node, last time.Time) error {
	ready := readyCondition(node)
	switch {
	case ready == nil:
		return errors.New("the node has no status yet")
	case ready.LastHeartbeatTime.Time.Equal(last):
		return errors.New("the node's status is of the last run")
	case ready.Status != v1.ConditionTrue:
		return fmt.Errorf("the node is not ready: %s: %s", ready.Reason, ready.Message)
	}
	return nil
}

func readyCondition(node *v1.Node) *v1.NodeCondition {
	for i := range node.Status.Conditions {
		if node.Status.Conditions[i].Type == v1.NodeReady {
			return &node.Status.Conditions[i]
		}
	}
	return nil
}
