package components

import (
	"context"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/images"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/quarantine"
)

// preloadUnit imports the image archives that came with the system or were put beside the state. Before
// the kubelet starts: it would try to pull what isn't there yet.
func preloadUnit(c config.Config, ledger *quarantine.Ledger) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  preload,
		After: []string{containerd},
		Task:  true,
		Run: func(ctx context.Context) error {
			store, err := images.Open(config.ContainerdSocket)
			if err != nil {
				return err
			}
			defer store.Close()
			return store.Preload(ctx, c.ImageFolders(), ledger, func(file string, err error) {
				logs.Line(preload, "cannot load %s, going on without it: %v", file, err)
			})
		},
	}
}
