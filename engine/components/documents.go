package components

import (
	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	extensionsserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	"k8s.io/apimachinery/pkg/labels"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"

	"kubesolo-os/engine/openapi"
)

// documents are those that describe the API; ours are made when somebody asks for them, see openapi.
type documents struct {
	chain app.CompletedConfig
	// custom is there once the chain is made; a patch hands it on, see engine/patches.
	custom *extensionsserver.CustomResourceDefinitions
}

// replaceDocuments keeps upstream from making its own; before the chain is made.
func replaceDocuments(chain app.CompletedConfig) *documents {
	d := &documents{chain: chain}
	chain.KubeAPIs.ControlPlane.Generic.SkipOpenAPIInstallation = true
	chain.ApiExtensions.GenericConfig.SkipOpenAPIInstallation = true
	chain.ApiExtensions.ExtraConfig.Made = func(made *extensionsserver.CustomResourceDefinitions) { d.custom = made }
	return d
}

// install puts ours in their place. Identity: see openapi.Source. What it returns is to be called once the chain is prepared.
func (d *documents) install(own *genericapiserver.GenericAPIServer, identity string) (release func()) {
	ofOwn := source(own, d.chain.KubeAPIs.ControlPlane.Generic, identity)
	ofCustom := source(d.custom.GenericAPIServer, d.chain.ApiExtensions.GenericConfig, identity)
	lister := d.custom.Informers.Apiextensions().V1().CustomResourceDefinitions().Lister()
	ofCustom.Custom = func() ([]*extensions.CustomResourceDefinition, error) { return lister.List(labels.Everything()) }
	openapi.Install(ofOwn, own.Handler.NonGoRestfulMux)
	openapi.Install(ofCustom, d.custom.GenericAPIServer.Handler.NonGoRestfulMux)
	return func() {
		ofOwn.Release()
		ofCustom.Release()
	}
}

func source(of *genericapiserver.GenericAPIServer, by genericapiserver.CompletedConfig, identity string) openapi.Source {
	return openapi.Source{
		Services: of.Handler.GoRestfulContainer,
		Version2: by.OpenAPIConfig,
		Version3: by.OpenAPIV3Config,
		Identity: identity,
	}
}
