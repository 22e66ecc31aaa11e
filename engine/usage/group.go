package usage

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/metrics/pkg/apis/metrics"
	"k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// priority is low, as that of metrics-server's APIService is: "pods" and "nodes" mean Kubernetes' own.
const priority = 100

// The types are put where those of Kubernetes' own groups are, as these are: the API's descriptions are made of them.
func init() {
	utilruntime.Must(metrics.AddToScheme(legacyscheme.Scheme))
	utilruntime.Must(v1beta1.AddToScheme(legacyscheme.Scheme))
	utilruntime.Must(legacyscheme.Scheme.SetVersionPriority(v1beta1.SchemeGroupVersion))
}

// Install adds the group to an API server, beside Kubernetes' own groups. There is no APIService for it: one that people make, for a
// metrics-server of theirs, is asked first, and nothing has to be taken back or put back. Decision 17 says more.
func Install(server *genericapiserver.GenericAPIServer, figures *Figures) error {
	group := genericapiserver.NewDefaultAPIGroupInfo(metrics.GroupName, legacyscheme.Scheme, legacyscheme.ParameterCodec, legacyscheme.Codecs)
	group.VersionedResourcesStorageMap[v1beta1.SchemeGroupVersion.Version] = map[string]rest.Storage{
		"pods":  &pods{table{rest.NewDefaultTableConvertor(metrics.Resource("pods"))}, figures},
		"nodes": &nodes{table{rest.NewDefaultTableConvertor(metrics.Resource("nodes"))}, figures},
	}
	if err := server.InstallAPIGroup(&group); err != nil {
		return err
	}
	server.AggregatedDiscoveryGroupManager.SetGroupVersionPriority(metav1.GroupVersion(v1beta1.SchemeGroupVersion), priority, priority)
	return nil
}
