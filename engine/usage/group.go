package usage

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/metrics/pkg/apis/metrics"
	"k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// priority is low, as that of metrics-server's APIService is: "pods" and "nodes" mean Kubernetes' own.
const priority = 100

// Install adds the group to an API server, beside Kubernetes' own groups. There is no APIService for it: one that people make, for a
// metrics-server of theirs, is asked first, and nothing has to be taken back or put back. Decision 17 says more.
func Install(server *genericapiserver.GenericAPIServer, figures *Figures) error {
	scheme, err := makeScheme()
	if err != nil {
		return err
	}
	group := genericapiserver.NewDefaultAPIGroupInfo(metrics.GroupName, scheme, metav1.ParameterCodec, serializer.NewCodecFactory(scheme))
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

func makeScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{metrics.AddToScheme, v1beta1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	plain := schema.GroupVersion{Version: "v1"}
	metav1.AddToGroupVersion(scheme, plain)
	scheme.AddUnversionedTypes(plain, &metav1.Status{}, &metav1.APIVersions{}, &metav1.APIGroupList{}, &metav1.APIGroup{}, &metav1.APIResourceList{})
	return scheme, scheme.SetVersionPriority(v1beta1.SchemeGroupVersion)
}
