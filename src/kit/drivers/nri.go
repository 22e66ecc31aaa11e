package main

import (
	"context"

	"github.com/containerd/nri/pkg/api"
	"github.com/containerd/nri/pkg/stub"
)

// adjust is a plugin of NRI at the runtime's usual socket: containers of pods that ask for it get a variable.
func adjust(ctx context.Context) error {
	plugin, err := stub.New(adjuster{}, stub.WithPluginName("adjuster"), stub.WithPluginIdx("10"))
	if err != nil {
		return err
	}
	return plugin.Run(ctx)
}

type adjuster struct{}

func (adjuster) CreateContainer(_ context.Context, pod *api.PodSandbox, _ *api.Container) (*api.ContainerAdjustment, []*api.ContainerUpdate, error) {
	adjustment := &api.ContainerAdjustment{}
	if word, asks := pod.GetAnnotations()["adjuster.example.com/word"]; asks {
		adjustment.AddEnv("ADJUSTED", word)
	}
	return adjustment, nil, nil
}
