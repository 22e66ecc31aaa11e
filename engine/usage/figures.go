// Package usage serves metrics.k8s.io, what pods and the node use, for kubectl top and for autoscaling. The kubelet runs in this process,
// samples each control group every 10 to 30 seconds for its own ends, and keeps them for two minutes: figures are made from
// these when somebody asks, and nothing is done or kept in between.
package usage

import (
	"sync/atomic"

	"github.com/google/cadvisor/lib/model"
	"k8s.io/client-go/kubernetes"
)

// Sampler is the part of the kubelet that has the samples.
type Sampler interface {
	ContainerInfoV2(name string, options model.RequestOptions) (map[string]model.ContainerInfo, error)
}

// Figures is what is known of the cluster's pods and its one node.
type Figures struct {
	cluster kubernetes.Interface
	node    string
	sampler atomic.Pointer[Sampler] // none until the kubelet has started
}

func NewFigures(cluster kubernetes.Interface, node string) *Figures {
	return &Figures{cluster: cluster, node: node}
}

func (f *Figures) Use(sampler Sampler) { f.sampler.Store(&sampler) }

const (
	wholeNode = "/"
	// Two make a rate; of the whole node the kubelet makes more between, for evictions.
	samplesOfContainers = 3
	samplesOfNode       = 6
)

// ofContainers are their samples, by ID.
func (f *Figures) ofContainers() map[string][]*model.ContainerStats {
	return samplesByID(f.ask(model.RequestOptions{IdType: model.TypeName, Count: samplesOfContainers, Recursive: true}))
}

func (f *Figures) ofNode() (figure, bool) {
	return figureOf(f.ask(model.RequestOptions{IdType: model.TypeName, Count: samplesOfNode})[wholeNode].Stats)
}

// ask leaves out what there are no samples of: control groups come and go, and before the first look there is none. Why, the kubelet logs.
func (f *Figures) ask(options model.RequestOptions) map[string]model.ContainerInfo {
	sampler := f.sampler.Load()
	if sampler == nil {
		return nil
	}
	groups, _ := (*sampler).ContainerInfoV2(wholeNode, options)
	return groups
}
