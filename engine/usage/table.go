package usage

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/metrics/pkg/apis/metrics"
)

// table is what kubectl get shows.
type table struct {
	rest.TableConvertor // with names only
}

var columns = []metav1.TableColumnDefinition{
	{Name: "Name", Type: "string", Format: "name", Description: "The pod's or the node's."},
	{Name: "CPU", Type: "string", Description: "Cores, on average over the window."},
	{Name: "Memory", Type: "string", Description: "The working set, at the end of the window."},
	{Name: "Window", Type: "string", Description: "How long it was looked at."},
}

func (t table) ConvertToTable(ctx context.Context, object, options runtime.Object) (*metav1.Table, error) {
	result, err := t.TableConvertor.ConvertToTable(ctx, object, options)
	if err != nil {
		return nil, err
	}
	for i := range result.Rows {
		row := &result.Rows[i]
		switch of := row.Object.Object.(type) {
		case *metrics.NodeMetrics:
			row.Cells = cells(of.Name, of.Usage, of.Window)
		case *metrics.PodMetrics:
			row.Cells = cells(of.Name, sum(of.Containers), of.Window)
		}
	}
	if len(result.ColumnDefinitions) > 0 {
		result.ColumnDefinitions = columns
	}
	return result, nil
}

func cells(name string, used corev1.ResourceList, window metav1.Duration) []any {
	return []any{name, used.Cpu().String(), used.Memory().String(), window.Duration.String()}
}

func sum(containers []metrics.ContainerMetrics) corev1.ResourceList {
	all := figure{}
	for _, each := range containers {
		all.cpuNano += each.Usage.Cpu().ScaledValue(resource.Nano)
		all.memoryBytes += each.Usage.Memory().Value()
	}
	return all.resources()
}
