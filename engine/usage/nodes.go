package usage

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/metrics/pkg/apis/metrics"
)

// nodes answers for metrics.k8s.io/nodes.
type nodes struct {
	rest.TableConvertor
	figures *Figures
}

var _ interface {
	rest.Getter
	rest.Lister
	rest.Scoper
	rest.SingularNameProvider
} = &nodes{}

func (n *nodes) New() runtime.Object     { return &metrics.NodeMetrics{} }
func (n *nodes) NewList() runtime.Object { return &metrics.NodeMetricsList{} }
func (n *nodes) NamespaceScoped() bool   { return false }
func (n *nodes) GetSingularName() string { return "" } // "node" is a Node
func (n *nodes) Destroy()                {}

func (n *nodes) Get(ctx context.Context, name string, _ *metav1.GetOptions) (runtime.Object, error) {
	node, err := n.figures.cluster.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{ResourceVersion: fromCache})
	if err != nil && !apierrors.IsNotFound(err) {
		return nil, err
	}
	if err == nil {
		if found, isKnown := n.ofNode(node); isKnown {
			return &found, nil
		}
	}
	return nil, apierrors.NewNotFound(metrics.Resource("nodemetrics"), name)
}

func (n *nodes) List(ctx context.Context, options *internalversion.ListOptions) (runtime.Object, error) {
	found, err := n.figures.cluster.CoreV1().Nodes().List(ctx, selected(options))
	if err != nil {
		return nil, err
	}
	list := &metrics.NodeMetricsList{}
	for i := range found.Items {
		if each, isKnown := n.ofNode(&found.Items[i]); isKnown {
			list.Items = append(list.Items, each)
		}
	}
	return list, nil
}

// ofNode has nothing for nodes that people register themselves, which are no machines.
func (n *nodes) ofNode(node *corev1.Node) (metrics.NodeMetrics, bool) {
	if node.Name != n.figures.node {
		return metrics.NodeMetrics{}, false
	}
	figure, isKnown := n.figures.ofNode()
	return nodeMetrics(&node.ObjectMeta, figure, time.Now()), isKnown
}
