package usage

import (
	"encoding/json"
	"net/http"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/discovery/aggregated"
	"k8s.io/apiserver/pkg/endpoints/handlers/negotiation"
	"k8s.io/apiserver/pkg/endpoints/handlers/responsewriters"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/util/responsewriter"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/metrics/pkg/apis/metrics"
	"k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

type makeChain = func(http.Handler, *genericapiserver.Config) http.Handler

// Listed has the list of all groups that clients from before Kubernetes 1.26 ask for name this one, too: it has only those with an
// APIService. In the list that later ones ask for it is anyway.
func Listed(chain makeChain) makeChain {
	return func(next http.Handler, config *genericapiserver.Config) http.Handler {
		lists := aggregated.WrapAggregatedDiscoveryToHandler(olderList{next}, next, nil)
		return chain(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/apis" || r.URL.Path == "/apis/" {
				lists.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		}), config)
	}
}

type olderList struct{ next http.Handler }

func (o olderList) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	plain := r.Clone(r.Context())
	plain.Header.Set("Accept", runtime.ContentTypeJSON)
	plain.Header.Del("Accept-Encoding")
	answer := responsewriter.NewInMemoryResponseWriter()
	o.next.ServeHTTP(answer, plain)
	groups := &metav1.APIGroupList{}
	if answer.RespCode() != http.StatusOK || json.Unmarshal(answer.Data(), groups) != nil {
		o.next.ServeHTTP(w, r) // who asks is to hear it himself
		return
	}
	responsewriters.WriteObjectNegotiated(legacyscheme.Codecs, negotiation.DefaultEndpointRestrictions, schema.GroupVersion{}, w, r, http.StatusOK, withOwn(groups), false)
}

// withOwn adds the group, unless somebody's metrics-server has it there. Pure.
func withOwn(groups *metav1.APIGroupList) *metav1.APIGroupList {
	if slices.ContainsFunc(groups.Groups, func(group metav1.APIGroup) bool { return group.Name == metrics.GroupName }) {
		return groups
	}
	version := metav1.GroupVersionForDiscovery{GroupVersion: v1beta1.SchemeGroupVersion.String(), Version: v1beta1.SchemeGroupVersion.Version}
	own := metav1.APIGroup{Name: metrics.GroupName, Versions: []metav1.GroupVersionForDiscovery{version}, PreferredVersion: version}
	result := *groups
	result.Groups = append(slices.Clone(groups.Groups), own)
	return &result
}
