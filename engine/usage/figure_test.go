package usage

import (
	"testing"
	"time"

	"github.com/google/cadvisor/lib/model"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// sample is what was used until so many seconds after noon.
func sample(atSeconds, cpuSeconds float64, memoryBytes uint64) *model.ContainerStats {
	return &model.ContainerStats{
		Timestamp: noon.Add(time.Duration(atSeconds * float64(time.Second))),
		Cpu:       &model.CpuStats{Usage: model.CpuUsage{Total: uint64(cpuSeconds * 1e9)}},
		Memory:    &model.MemoryStats{WorkingSet: memoryBytes, Usage: 2 * memoryBytes},
	}
}

func TestFigure(t *testing.T) {
	noCPU, noMemory := sample(10, 1, 5), sample(10, 1, 5)
	noCPU.Cpu, noMemory.Memory = nil, nil
	for _, test := range []struct {
		name     string
		samples  []*model.ContainerStats
		cpu, mem string
		window   time.Duration
		at       float64
	}{
		{"the last two make a rate, over the time between them", []*model.ContainerStats{sample(0, 100, 1), sample(20, 130, 2048), sample(35, 137.5, 4096)}, "500m", "4Ki", 15 * time.Second, 35},
		{"nothing used is a figure, too", []*model.ContainerStats{sample(0, 7, 1), sample(10, 7, 1)}, "0", "1", 10 * time.Second, 10},
		{"more than a core", []*model.ContainerStats{sample(0, 0, 1), sample(12, 42, 1)}, "3500m", "1", 12 * time.Second, 12},
		{"a hundred cores for half a minute don't overflow", []*model.ContainerStats{sample(0, 9e9, 1), sample(30, 9e9+3000, 1)}, "100", "1", 30 * time.Second, 30},
		{"less than a thousandth of a core", []*model.ContainerStats{sample(0, 0, 1), sample(10, 0.000004, 1)}, "400n", "1", 10 * time.Second, 10},
		{"one that somebody asked for in between is passed over", []*model.ContainerStats{sample(0, 0, 1), sample(14.8, 10, 1), sample(15, 15, 1)}, "1", "1", 15 * time.Second, 15},
		{"one without CPU is passed over", []*model.ContainerStats{sample(0, 0, 1), noCPU, sample(20, 10, 1)}, "500m", "1", 20 * time.Second, 20},
		{"none", nil, "", "", 0, 0},
		{"one only", []*model.ContainerStats{sample(0, 1, 1)}, "", "", 0, 0},
		{"too close to each other", []*model.ContainerStats{sample(0, 0, 1), sample(8.9, 1, 1)}, "", "", 0, 0},
		{"at the same time", []*model.ContainerStats{sample(5, 0, 1), sample(5, 1, 1)}, "", "", 0, 0},
		{"a counter that went back", []*model.ContainerStats{sample(0, 50, 1), sample(15, 3, 1)}, "", "", 0, 0},
		{"the last one without CPU", []*model.ContainerStats{sample(0, 1, 1), noCPU}, "", "", 0, 0},
		{"the last one without memory", []*model.ContainerStats{sample(0, 1, 1), noMemory}, "", "", 0, 0},
		{"the last one missing", []*model.ContainerStats{sample(0, 1, 1), nil}, "", "", 0, 0},
	} {
		got, isKnown := figureOf(test.samples)
		if isKnown != (test.cpu != "") {
			t.Errorf("%s: known: %t", test.name, isKnown)
			continue
		}
		if !isKnown {
			continue
		}
		used := got.resources()
		if used.Cpu().String() != test.cpu || used.Memory().String() != test.mem || got.window != test.window || !got.at.Equal(sample(test.at, 0, 0).Timestamp) {
			t.Errorf("%s: %s %s in %s until %s", test.name, used.Cpu(), used.Memory(), got.window, got.at)
		}
	}
}
