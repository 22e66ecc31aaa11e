package components

import (
	"context"
	"fmt"

	genericapiserver "k8s.io/apiserver/pkg/server"
	controlplane "k8s.io/kubernetes/pkg/controlplane/apiserver"
	flowcontrol "k8s.io/kubernetes/pkg/registry/flowcontrol/rest"
	rbac "k8s.io/kubernetes/pkg/registry/rbac/rest"
	scheduling "k8s.io/kubernetes/pkg/registry/scheduling/rest"
)

// firstObjects are the hooks by which the API server makes what every cluster has: roles, priorities, flow schemas. They look
// first, so they write only at the first start and after an update.
type firstObjects []genericapiserver.PostStartHookProvider

// takeFirstObjects takes these hooks away from upstream's server, which would end the process when a webhook or a policy of
// somebody's refuses what they write.
func takeFirstObjects(c controlplane.CompletedConfig) firstObjects {
	hooks := c.Generic.DisabledPostStartHooks
	hooks.Insert(rbac.PostStartHookName, scheduling.PostStartHookName, flowcontrol.PostStartHookName)
	return firstObjects{
		rbac.RESTStorageProvider{},
		scheduling.RESTStorageProvider{},
		flowcontrol.RESTStorageProvider{InformerFactory: c.Extra.VersionedInformers},
	}
}

// install has the server run them, and wait for the first try of each before it is ready, as upstream does.
func (f firstObjects) install(server *genericapiserver.GenericAPIServer) error {
	for _, provider := range f {
		name, hook, err := provider.PostStartHook()
		if err != nil {
			return err
		}
		// A name of its own: that of upstream is switched off.
		if err := server.AddPostStartHook("kubesolo/"+name, neverFatal(name, hook)); err != nil {
			return fmt.Errorf("cannot add the hook %s: %w", name, err)
		}
	}
	return nil
}

// neverFatal has a hook tried again until it succeeds.
func neverFatal(name string, hook genericapiserver.PostStartHookFunc) genericapiserver.PostStartHookFunc {
	return func(ctx genericapiserver.PostStartHookContext) error {
		write := ownWrite{what: "the objects of " + name, do: func(context.Context) error { return hook(ctx) }}
		makeOwn(ctx, apiserver, write)
		return nil
	}
}
