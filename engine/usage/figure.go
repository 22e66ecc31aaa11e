package usage

import (
	"time"

	"github.com/google/cadvisor/lib/model"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// shortestWindow is a bit less than the kubelet's samples are apart. Others may ask it for one in between, and a rate over so short a
// time says little.
const shortestWindow = 9 * time.Second

// figure is what somebody used: memory at a time, CPU as a rate over the window before it.
type figure struct {
	at          time.Time
	window      time.Duration
	cpuNano     int64 // billionths of a core
	memoryBytes int64
}

// figureOf is that of the last sample. There is none yet with one sample only, or when the counter of CPU time went back. Pure.
func figureOf(samples []*model.ContainerStats) (figure, bool) {
	if len(samples) == 0 || !isWhole(samples[len(samples)-1]) {
		return figure{}, false
	}
	last := samples[len(samples)-1]
	for i := len(samples) - 2; i >= 0; i-- {
		earlier := samples[i]
		window := last.Timestamp.Sub(earlier.Timestamp)
		if !isWhole(earlier) || window < shortestWindow {
			continue
		}
		if last.Cpu.Usage.Total < earlier.Cpu.Usage.Total {
			return figure{}, false
		}
		used := float64(last.Cpu.Usage.Total - earlier.Cpu.Usage.Total)
		return figure{
			at:          last.Timestamp,
			window:      window,
			cpuNano:     int64(used / window.Seconds()),
			memoryBytes: int64(last.Memory.WorkingSet),
		}, true
	}
	return figure{}, false
}

func isWhole(sample *model.ContainerStats) bool {
	return sample != nil && sample.Cpu != nil && sample.Memory != nil
}

func (f figure) resources() corev1.ResourceList {
	return corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewScaledQuantity(f.cpuNano, resource.Nano),
		corev1.ResourceMemory: *resource.NewQuantity(f.memoryBytes, resource.BinarySI),
	}
}
