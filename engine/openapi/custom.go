package openapi

import (
	"net/http"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder"
	"k8s.io/apiextensions-apiserver/pkg/features"
	"k8s.io/apiserver/pkg/server/mux"
	"k8s.io/apiserver/pkg/util/feature"
	"k8s.io/klog/v2"
	"k8s.io/kube-openapi/pkg/cached"
	"k8s.io/kube-openapi/pkg/handler"
	"k8s.io/kube-openapi/pkg/handler3"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// Custom lists the definitions of custom resources that there are now: a lister's.
type Custom func() ([]*extensions.CustomResourceDefinition, error)

// established are those that are served, by name.
func (c Custom) established() []*extensions.CustomResourceDefinition {
	if c == nil {
		return nil
	}
	all, err := c()
	if err != nil { // a lister's memory can't fail
		klog.ErrorS(err, "cannot list custom resource definitions")
	}
	served := slices.DeleteFunc(slices.Clone(all), func(each *extensions.CustomResourceDefinition) bool {
		return !apihelpers.IsCRDConditionTrue(each, extensions.Established)
	})
	slices.SortFunc(served, func(a, b *extensions.CustomResourceDefinition) int { return strings.Compare(a.Name, b.Name) })
	return served
}

// identity differs whenever the definitions do.
func (c Custom) identity() string {
	var all strings.Builder
	for _, each := range c.established() {
		identify(&all, each)
	}
	return all.String()
}

// identities are those of each group's versions, by path.
func (c Custom) identities() map[string]string {
	builders := map[string]*strings.Builder{}
	for _, each := range c.established() {
		for _, path := range paths(each) {
			if builders[path] == nil {
				builders[path] = &strings.Builder{}
			}
			identify(builders[path], each)
		}
	}
	all := make(map[string]string, len(builders))
	for path, text := range builders {
		all[path] = text.String()
	}
	return all
}

func identify(to *strings.Builder, definition *extensions.CustomResourceDefinition) {
	to.WriteString(definition.Name + " " + string(definition.UID) + " " + definition.ResourceVersion + "\n")
}

// paths are where the documents are that tell of it, such as apis/stable.example.com/v1.
func paths(definition *extensions.CustomResourceDefinition) []string {
	var all []string
	for _, version := range definition.Spec.Versions {
		if version.Served {
			all = append(all, path(definition, version.Name))
		}
	}
	return all
}

func path(definition *extensions.CustomResourceDefinition, version string) string {
	return "apis/" + definition.Spec.Group + "/" + version
}

func options(isVersion2 bool) builder.Options {
	return builder.Options{
		V2:                      isVersion2,
		IncludeSelectableFields: feature.DefaultFeatureGate.Enabled(features.CustomResourceFieldSelectors),
	}
}

// addVersion2 puts what there is into a document that has nothing but the server's own, as upstream merges them.
// What can't be described is left out, as by upstream.
func (c Custom) addVersion2(service *handler.OpenAPIService, own *spec.Swagger) {
	var custom []*spec.Swagger
	for _, definition := range c.established() {
		for _, version := range definition.Spec.Versions {
			if !version.Served {
				continue
			}
			described, err := builder.BuildOpenAPIV2(definition, version.Name, options(true))
			if err != nil {
				klog.ErrorS(err, "cannot describe a custom resource", "definition", definition.Name, "version", version.Name)
				continue
			}
			described.Definitions = handler.PruneDefaults(described.Definitions)
			custom = append(custom, described)
		}
	}
	if len(custom) == 0 {
		return
	}
	merged, err := builder.MergeSpecs(own, custom...)
	if err != nil {
		klog.ErrorS(err, "cannot describe custom resources")
		return
	}
	service.UpdateSpecLazy(cached.Static(merged, "merged"))
}

// makeVersion3 serves the document of a group's version.
func (c Custom) makeVersion3(of string) http.Handler {
	var all []*spec3.OpenAPI
	for _, definition := range c.established() {
		for _, version := range definition.Spec.Versions {
			if !version.Served || path(definition, version.Name) != of {
				continue
			}
			described, err := builder.BuildOpenAPIV3(definition, version.Name, options(false))
			if err != nil {
				klog.ErrorS(err, "cannot describe a custom resource", "definition", definition.Name, "version", version.Name)
				continue
			}
			all = append(all, described)
		}
	}
	served := mux.NewPathRecorderMux("openapi-v3")
	merged, err := builder.MergeSpecsV3(all...)
	if err != nil {
		klog.ErrorS(err, "cannot describe custom resources", "group", of)
		return served
	}
	service := handler3.NewOpenAPIService()
	service.UpdateGroupVersion(of, merged)
	service.RegisterOpenAPIV3VersionedService(version3, served)
	return served
}
