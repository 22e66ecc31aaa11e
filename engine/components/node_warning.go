package components

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// nodeWarning is a condition of the node that is True while something is wrong that only a person can change.
type nodeWarning struct {
	condition         corev1.NodeConditionType
	reason            string
	noReason, allFine string // for when it is over
}

// set writes only what is new; a node that never had reason for it has no such condition. No message: it is over.
func (w nodeWarning) set(ctx context.Context, admin kubernetes.Interface, name, message string, now time.Time) error {
	present, err := admin.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("cannot read node %s: %w", name, err)
	}
	wanted := w.choose(present.Status.Conditions, message, metav1.NewTime(now))
	if wanted == nil {
		return nil
	}
	patch, err := json.Marshal(map[string]any{"status": map[string]any{"conditions": []any{wanted}}})
	if err != nil {
		return err
	}
	_, err = admin.CoreV1().Nodes().Patch(ctx, name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}

// choose is nil where nothing is to be written. Pure.
func (w nodeWarning) choose(present []corev1.NodeCondition, message string, now metav1.Time) *corev1.NodeCondition {
	wanted := &corev1.NodeCondition{Type: w.condition, Status: corev1.ConditionTrue, Reason: w.reason,
		Message: message, LastHeartbeatTime: now, LastTransitionTime: now}
	if message == "" {
		wanted.Status, wanted.Reason, wanted.Message = corev1.ConditionFalse, w.noReason, w.allFine
	}
	for _, each := range present {
		if each.Type == w.condition {
			if each.Status == wanted.Status {
				wanted.LastTransitionTime = each.LastTransitionTime
			}
			if each.Status == wanted.Status && each.Message == wanted.Message {
				return nil
			}
			return wanted
		}
	}
	if message == "" {
		return nil
	}
	return wanted
}
