package components

import (
	"context"

	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/portainer"
)

// portainerUnit costs one request at a start where there is nothing to do.
func portainerUnit(c config.Config, admin kubernetes.Interface) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  portainerAgent,
		After: []string{accounts},
		Task:  true,
		Run: func(ctx context.Context) error {
			makeOwn(ctx, portainerAgent, ownWrite{"the Portainer agent", func(ctx context.Context) error {
				return portainer.Ensure(ctx, admin, c.Portainer)
			}})
			return nil
		},
	}
}
