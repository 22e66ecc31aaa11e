package usage

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/metrics/pkg/apis/metrics"
)

// fromCache has the API server answer from its memory.
const fromCache = "0"

// pods answers for metrics.k8s.io/pods: those of the cluster that the selectors fit, as far as there are figures.
type pods struct {
	rest.TableConvertor
	figures *Figures
}

var _ interface {
	rest.Getter
	rest.Lister
	rest.Scoper
	rest.SingularNameProvider
} = &pods{}

func (p *pods) New() runtime.Object     { return &metrics.PodMetrics{} }
func (p *pods) NewList() runtime.Object { return &metrics.PodMetricsList{} }
func (p *pods) NamespaceScoped() bool   { return true }
func (p *pods) GetSingularName() string { return "" } // "pod" is a Pod
func (p *pods) Destroy()                {}

func (p *pods) Get(ctx context.Context, name string, _ *metav1.GetOptions) (runtime.Object, error) {
	namespace := request.NamespaceValue(ctx)
	pod, err := p.figures.cluster.CoreV1().Pods(namespace).Get(ctx, name, metav1.GetOptions{ResourceVersion: fromCache})
	if err != nil && !apierrors.IsNotFound(err) {
		return nil, err
	}
	if err == nil {
		if found, isKnown := podMetrics(pod, p.figures.ofContainers(), time.Now()); isKnown {
			return &found, nil
		}
	}
	return nil, apierrors.NewNotFound(metrics.Resource("podmetrics"), namespace+"/"+name)
}

func (p *pods) List(ctx context.Context, options *internalversion.ListOptions) (runtime.Object, error) {
	found, err := p.figures.cluster.CoreV1().Pods(request.NamespaceValue(ctx)).List(ctx, selected(options))
	if err != nil {
		return nil, err
	}
	samples, now := p.figures.ofContainers(), time.Now()
	list := &metrics.PodMetricsList{}
	for i := range found.Items {
		if each, isKnown := podMetrics(&found.Items[i], samples, now); isKnown {
			list.Items = append(list.Items, each)
		}
	}
	return list, nil
}

// selected passes on what was asked for. There are no pages: the figures of the next one would be newer. Pure.
func selected(options *internalversion.ListOptions) metav1.ListOptions {
	result := metav1.ListOptions{ResourceVersion: fromCache}
	if options != nil && options.LabelSelector != nil {
		result.LabelSelector = options.LabelSelector.String()
	}
	if options != nil && options.FieldSelector != nil {
		result.FieldSelector = options.FieldSelector.String()
	}
	return result
}
