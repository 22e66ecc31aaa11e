package components

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	coordination "k8s.io/api/coordination/v1"
	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/lifecycle"
)

// heartbeat tells whether the node is Ready now. The Node object alone can't: after a restart it still
// says what it said last time. So the heartbeat has to differ from the one found before the kubelet
// started; being later isn't asked for, because the clock may have been set back in between.
type heartbeat struct {
	admin   kubernetes.Interface
	kubelet func() (kubernetes.Interface, error) // a client with the kubelet's own identity
	name    string
	last    atomic.Pointer[time.Time] // nil until it was looked for; whoever asks for ready doesn't wait for that
	tried   time.Time                 // when a heartbeat was tried out last; only who waits for ready asks
	refusal error                     // what became of it
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
	if err == nil {
		err = readiness(node, *last)
	}
	return err
}

// heartbeatTrials: the kubelet itself tries every ten seconds.
const heartbeatTrials = 10 * time.Second

// checkFirst is checkReady while the engine starts. When there is no heartbeat it finds out whether the API server refuses
// those of the kubelet, for which nobody would be helped by another start.
func (h *heartbeat) checkFirst(ctx context.Context) error {
	err := h.checkReady(ctx)
	if err == nil || h.last.Load() == nil {
		return err
	}
	if h.tried.IsZero() {
		h.tried = time.Now() // the first one takes its time
	}
	if time.Since(h.tried) >= heartbeatTrials {
		h.tried, h.refusal = time.Now(), h.tryOut(ctx)
	}
	if h.refusal != nil {
		return lifecycle.Refused{Err: fmt.Errorf("%w, and the API server refuses the kubelet's: %w", err, h.refusal)}
	}
	return err
}

// tryOut writes what changes nothing, as the kubelet. A missing node is the kubelet's to make: that is tried out then.
func (h *heartbeat) tryOut(ctx context.Context) error {
	client, err := h.kubelet()
	if err != nil {
		return nil // no refusal
	}
	dryRun := []string{metav1.DryRunAll}
	nodes := client.CoreV1().Nodes()
	_, err = nodes.Patch(ctx, h.name, types.MergePatchType, []byte(`{"status":{}}`), metav1.PatchOptions{DryRun: dryRun}, "status")
	if apierrors.IsNotFound(err) {
		missing := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: h.name}}
		_, err = nodes.Create(ctx, missing, metav1.CreateOptions{DryRun: dryRun})
	}
	if isRefusal(err) {
		return err
	}
	return nil
}

// isRefusal: a policy says 422 or 403, a webhook what it likes, one that can't be asked 500. What is wrong with the connection
// or the API server itself is none. Pure.
func isRefusal(err error) bool {
	return err != nil && (apierrors.IsForbidden(err) || apierrors.IsInvalid(err) || strings.Contains(err.Error(), "webhook"))
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
