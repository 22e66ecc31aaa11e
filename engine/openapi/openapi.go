// Package openapi serves the description of the API server's APIs, made when somebody asks for it.
//
// Upstream makes all of it at every start, and keeps it: one document of version 2, and for version 3 one for
// each group and version. That is a fifth of a start's CPU time and 35 MB, for a question that most nodes are
// never asked; with custom resources it is more than half a megabyte for each definition, made anew every five
// minutes. What is answered is the same but for the hashes in the list of version 3, see hash.
package openapi

import (
	"net/http"
	"strings"
	"sync"

	"github.com/emicklei/go-restful/v3"
	"k8s.io/apiserver/pkg/server/mux"
	"k8s.io/apiserver/pkg/server/routes"
	"k8s.io/kube-openapi/pkg/common"
)

const (
	version2 = "/openapi/v2"
	version3 = "/openapi/v3"
)

// Source is what the documents are made from.
type Source struct {
	Services *restful.Container
	Version2 *common.Config
	Version3 *common.OpenAPIV3Config
	// Custom are the resources beside those of Services; nil where there can't be any.
	Custom Custom

	// Identity differs whenever the documents of Services may: it names the versions and the settings they come from.
	Identity string
}

// Paths is where handlers are put; the API server's own mux.
type Paths interface {
	Handle(path string, handler http.Handler)
	HandlePrefix(path string, handler http.Handler)
}

// Install puts the handlers where upstream's would be. All web services must be registered by now.
func Install(source Source, paths Paths) {
	source.Identity = hash(source.Identity) // it may be long, and is part of each address
	making := &sync.Mutex{}
	whole := &document{making: making, make: source.makeVersion2}
	paths.Handle(version2, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		whole.at(source.Custom.identity()).ServeHTTP(w, r)
	}))
	groups := &groups{source: source, making: making, own: map[string]*document{}, custom: map[string]*document{}}
	for _, service := range source.Services.RegisteredWebServices() {
		path := strings.TrimPrefix(service.RootPath(), "/")
		groups.own[path] = &document{making: making, make: func() http.Handler { return source.makeVersion3(service) }}
	}
	paths.Handle(version3, http.HandlerFunc(groups.serveList))
	paths.HandlePrefix(version3+"/", http.HandlerFunc(groups.serveDocument))
}

// Release lets go of the definitions of all types, twice 7 MB, once the rest of the API server has made its
// documents: a maker leaves a function in the configuration that holds all that it worked with. They are made
// again for each document.
func (s Source) Release() {
	s.Version2.GetOperationIDAndTagsFromRoute = nil
	s.Version3.GetOperationIDAndTagsFromRoute = nil
	s.Version3.Definitions = nil
}

func (s Source) makeVersion2() http.Handler {
	config := *s.Version2 // its maker is let go of with it, see Release
	handler := mux.NewPathRecorderMux("openapi-v2")
	service, own := routes.OpenAPI{Config: &config}.InstallV2(s.Services, handler)
	s.Custom.addVersion2(service, own)
	return handler
}

// makeVersion3 serves one group and version, at the same path as in the whole.
func (s Source) makeVersion3(service *restful.WebService) http.Handler {
	config := *s.Version3
	handler := mux.NewPathRecorderMux("openapi-v3")
	routes.OpenAPI{V3Config: &config}.InstallV3(restful.NewContainer().Add(service), handler)
	return handler
}
