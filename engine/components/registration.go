package components

import (
	"context"
	"fmt"
	"maps"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// registerNode makes the node's object, or gives it the address of this run, before others look for it:
// the kubelet waits 15 s after a few misses, and kube-proxy waits 30 s for the address, goes on without
// it, and ends the whole process without a word when it comes later.
//
// Labels count for a new one only: what was changed in the cluster since then stays. The role is the node's at each start, as kubeadm
// sets it: people's objects select it, and nodes of earlier releases haven't got it.
func registerNode(ctx context.Context, admin kubernetes.Interface, wanted *corev1.Node) error {
	nodes, name := admin.CoreV1().Nodes(), wanted.Name
	present, err := nodes.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		present, err = nodes.Create(ctx, wanted, metav1.CreateOptions{})
	}
	if err != nil {
		return fmt.Errorf("cannot register the node %s: %w", name, err)
	}
	if !equality.Semantic.DeepEqual(present.Status.Addresses, wanted.Status.Addresses) {
		present.Status.Addresses = wanted.Status.Addresses
		if _, err := nodes.UpdateStatus(ctx, present, metav1.UpdateOptions{}); err != nil {
			return fmt.Errorf("cannot change the address of node %s to %s: %w", name, wanted.Status.Addresses[0].Address, err)
		}
	}
	if _, hasRole := present.Labels[controlPlaneRole]; hasRole {
		return nil
	}
	role := fmt.Appendf(nil, `{"metadata":{"labels":{%q:""}}}`, controlPlaneRole)
	if _, err := nodes.Patch(ctx, name, types.MergePatchType, role, metav1.PatchOptions{}); err != nil {
		return fmt.Errorf("cannot give the node %s its role: %w", name, err)
	}
	return nil
}

// controlPlaneRole: https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane
const controlPlaneRole = "node-role.kubernetes.io/control-plane"

// newNode is what the kubelet takes over. Pure.
func newNode(name string, own []netip.Addr, labels map[string]string) *corev1.Node {
	all := map[string]string{}
	maps.Copy(all, labels)
	all[corev1.LabelHostname] = name
	all[controlPlaneRole] = ""
	var addresses []corev1.NodeAddress
	for _, each := range own {
		addresses = append(addresses, corev1.NodeAddress{Type: corev1.NodeInternalIP, Address: each.String()})
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: all},
		Status: corev1.NodeStatus{
			Addresses: append(addresses, corev1.NodeAddress{Type: corev1.NodeHostName, Address: name}),
			Conditions: []corev1.NodeCondition{{
				Type:    corev1.NodeReady,
				Status:  corev1.ConditionFalse,
				Reason:  "KubeletNotReady",
				Message: "the kubelet has not started yet",
			}},
		},
	}
}
