package openapi

import (
	"iter"
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
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// Custom lists the definitions of custom resources that there are now: a lister's.
type Custom func() ([]*extensions.CustomResourceDefinition, error)

// established are those whose names were accepted, by name.
func (c Custom) established() []*extensions.CustomResourceDefinition {
	if c == nil {
		return nil
	}
	all, err := c()
	if err != nil { // a lister's memory can't fail
		klog.ErrorS(err, "cannot list custom resource definitions")
	}
	established := slices.DeleteFunc(slices.Clone(all), func(each *extensions.CustomResourceDefinition) bool {
		return !apihelpers.IsCRDConditionTrue(each, extensions.Established)
	})
	slices.SortFunc(established, func(a, b *extensions.CustomResourceDefinition) int { return strings.Compare(a.Name, b.Name) })
	return established
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
	for definition, version := range c.served() {
		path := path(definition, version)
		if builders[path] == nil {
			builders[path] = &strings.Builder{}
		}
		identify(builders[path], definition)
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

// served are the versions of each that are.
func (c Custom) served() iter.Seq2[*extensions.CustomResourceDefinition, string] {
	return func(yield func(*extensions.CustomResourceDefinition, string) bool) {
		for _, definition := range c.established() {
			for _, version := range definition.Spec.Versions {
				if version.Served && !yield(definition, version.Name) {
					return
				}
			}
		}
	}
}

// path is where the document is that tells of it, such as apis/stable.example.com/v1.
func path(definition *extensions.CustomResourceDefinition, version string) string {
	return "apis/" + definition.Spec.Group + "/" + version
}

// build is one of upstream's makers of documents, of a definition's version.
type build[Document any] func(definition *extensions.CustomResourceDefinition, version string, options builder.Options) (Document, error)

// describe makes a document of each version that is served at such a path. What can't be described is left out, as by upstream.
func describe[Document any](c Custom, isVersion2 bool, isAsked func(path string) bool, build build[Document]) []Document {
	options := builder.Options{
		V2:                      isVersion2,
		IncludeSelectableFields: feature.DefaultFeatureGate.Enabled(features.CustomResourceFieldSelectors),
	}
	var all []Document
	for definition, version := range c.served() {
		if !isAsked(path(definition, version)) {
			continue
		}
		described, err := build(definition, version, options)
		if err != nil {
			klog.ErrorS(err, "cannot describe a custom resource", "definition", definition.Name, "version", version)
			continue
		}
		all = append(all, described)
	}
	return all
}

// addVersion2 puts what there is into a document that has nothing but the server's own, as upstream merges them.
func (c Custom) addVersion2(service *handler.OpenAPIService, own *spec.Swagger) {
	custom := describe(c, true, func(string) bool { return true }, builder.BuildOpenAPIV2)
	if len(custom) == 0 {
		return
	}
	for _, described := range custom {
		described.Definitions = handler.PruneDefaults(described.Definitions)
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
	served := mux.NewPathRecorderMux("openapi-v3")
	isOf := func(path string) bool { return path == of }
	merged, err := builder.MergeSpecsV3(describe(c, false, isOf, builder.BuildOpenAPIV3)...)
	if err != nil {
		klog.ErrorS(err, "cannot describe custom resources", "group", of)
		return served
	}
	service := handler3.NewOpenAPIService()
	service.UpdateGroupVersion(of, merged)
	service.RegisterOpenAPIV3VersionedService(version3, served)
	return served
}
