package components

import (
	"context"
	"strings"
	"testing"
	"time"

	coordination "k8s.io/api/coordination/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/utils/ptr"
)

func TestReadiness(t *testing.T) {
	last := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	ready := func(status v1.ConditionStatus, heartbeat time.Time) []v1.NodeCondition {
		return []v1.NodeCondition{
			{Type: v1.NodeDiskPressure, Status: v1.ConditionTrue},
			{Type: v1.NodeReady, Status: status, LastHeartbeatTime: metav1.NewTime(heartbeat), Reason: "KubeletNotReady", Message: "no network"},
		}
	}
	tests := []struct {
		name       string
		conditions []v1.NodeCondition
		want       string // "" for ready
	}{
		{"just registered", nil, "no status yet"},
		{"Ready, said by the last run", ready(v1.ConditionTrue, last), "of the last run"},
		{"not Ready, with the reason", ready(v1.ConditionFalse, last.Add(time.Minute)), "KubeletNotReady: no network"},
		{"Ready", ready(v1.ConditionTrue, last.Add(time.Minute)), ""},
		{"Ready, after the clock was set back", ready(v1.ConditionTrue, last.Add(-time.Hour)), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := readiness(&v1.Node{Status: v1.NodeStatus{Conditions: test.conditions}}, last)
			if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// The engine asks from the moment on when the kubelet's unit starts, before that has looked at the node.
func TestOnlyAHeartbeatOfThisRunCounts(t *testing.T) {
	ctx := t.Context()
	node := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node-1"}, Status: v1.NodeStatus{Conditions: []v1.NodeCondition{{
		Type: v1.NodeReady, Status: v1.ConditionTrue, LastHeartbeatTime: metav1.NewTime(time.Unix(1_800_000_000, 0))}}}}
	for name, present := range map[string]*v1.Node{"of the last run": node, "of a node that is not registered yet": nil} {
		t.Run(name, func(t *testing.T) {
			client := fake.NewClientset()
			if present != nil {
				client = fake.NewClientset(present.DeepCopy())
			}
			h := &heartbeat{admin: client, name: "node-1"}
			if h.checkReady(ctx) == nil {
				t.Error("ready before anybody looked")
			}
			if err := h.remember(ctx); err != nil {
				t.Fatal(err)
			}
			if h.checkReady(ctx) == nil {
				t.Error("ready before the kubelet said so")
			}
			now := node.DeepCopy()
			now.Status.Conditions[0].LastHeartbeatTime = metav1.NewTime(time.Unix(1_800_000_010, 0))
			say := client.CoreV1().Nodes().Update
			if present == nil {
				say = func(ctx context.Context, node *v1.Node, _ metav1.UpdateOptions) (*v1.Node, error) {
					return client.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{})
				}
			}
			if _, err := say(ctx, now, metav1.UpdateOptions{}); err != nil {
				t.Fatal(err)
			}
			if err := h.checkReady(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFreshness(t *testing.T) {
	now := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name    string
		renewed time.Time
		fresh   bool
	}{
		{"renewed a moment ago", now.Add(-time.Second), true},
		{"about to be renewed", now.Add(-31 * time.Second), true},
		{"not renewed any more", now.Add(-3 * time.Minute), false},
		{"the clock was set back a little", now.Add(10 * time.Second), true},
		{"the clock was set back, and nobody renewed", now.Add(time.Hour), false},
	}
	for _, test := range tests {
		lease := &coordination.Lease{Spec: coordination.LeaseSpec{
			RenewTime: ptr.To(metav1.NewMicroTime(test.renewed)), LeaseDurationSeconds: ptr.To[int32](120)}}
		if err := freshness(lease, now); (err == nil) != test.fresh {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if freshness(&coordination.Lease{}, now) == nil {
		t.Error("a lease that was never renewed is fresh")
	}
}
