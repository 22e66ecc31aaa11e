package components

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
)

// networkOverlap is the node's condition of this.
const networkOverlap corev1.NodeConditionType = "NetworkOverlap"

// overlapUnit tells when the site's network is also the cluster's, which an address may show that comes later: in the
// log, to the console and as a condition of the node. It changes nothing: only a person knows which network is free.
func overlapUnit(c config.Config, admin kubernetes.Interface) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       overlap,
		After:      []string{access},
		StopWithin: time.Second,
		Run: func(ctx context.Context) error {
			told, stopLast := "", func() {}
			err := node.WatchOverlaps(ctx, c, func(found []string) {
				message := strings.Join(found, "; ")
				if message != told && message != "" {
					logs.Line(overlap, "%s", message)
				}
				told = message
				if err := noteForConsole(config.OverlapFile, message); err != nil {
					logs.Line(overlap, "the console can't tell: %v", err)
				}
				stopLast() // what it would still write isn't so any more
				writing, stop := context.WithCancel(ctx)
				stopLast = stop
				makeOwn(writing, overlap, ownWrite{"the node's condition " + string(networkOverlap), func(ctx context.Context) error {
					return setOverlap(ctx, admin, c.NodeName, message, time.Now())
				}})
			})
			if err != nil { // no reason to end: it is for people only
				logs.Line(overlap, "networks that come from now on aren't looked at: %v", err)
				<-ctx.Done()
			}
			return nil
		},
	}
}

// setOverlap writes only what is new; a node that never had one has no such condition.
func setOverlap(ctx context.Context, admin kubernetes.Interface, name, message string, now time.Time) error {
	present, err := admin.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("cannot read node %s: %w", name, err)
	}
	wanted := overlapCondition(present.Status.Conditions, message, metav1.NewTime(now))
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

// overlapCondition is nil where nothing is to be written. Pure.
func overlapCondition(present []corev1.NodeCondition, message string, now metav1.Time) *corev1.NodeCondition {
	wanted := &corev1.NodeCondition{Type: networkOverlap, Status: corev1.ConditionTrue, Reason: "SiteNetworkOverlaps",
		Message: message, LastHeartbeatTime: now, LastTransitionTime: now}
	if message == "" {
		wanted.Status, wanted.Reason, wanted.Message = corev1.ConditionFalse, "NoOverlap", "no network of the host is also the cluster's"
	}
	for _, each := range present {
		if each.Type == networkOverlap {
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
