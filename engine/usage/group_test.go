package usage

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/cadvisor/lib/model"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/endpoints/filters"
	"k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/rest"
	"k8s.io/component-base/compatibility"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/core/install" // lists of groups, too
	generatedopenapi "k8s.io/kubernetes/pkg/generated/openapi"
)

type samples map[string]model.ContainerInfo

func (s samples) ContainerInfoV2(string, model.RequestOptions) (map[string]model.ContainerInfo, error) {
	return s, errors.New("one control group is gone")
}

// serve is an API server with the group, and a cluster of two pods and two nodes.
func serve(t *testing.T, sampler Sampler) http.Handler {
	t.Helper()
	objects := []runtime.Object{pod("web", running("main", "a")), pod("new", running("main", "b"))}
	for _, name := range []string{"box", "virtual"} {
		objects = append(objects, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name}})
	}
	figures := NewFigures(fake.NewClientset(objects...), "box")
	if sampler != nil {
		figures.Use(sampler)
	}
	config := genericapiserver.NewConfig(legacyscheme.Codecs)
	config.LoopbackClientConfig = &rest.Config{}
	config.ExternalAddress = "127.0.0.1:443"
	config.EffectiveVersion = compatibility.NewEffectiveVersionFromString("1.37", "", "")
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(generatedopenapi.GetOpenAPIDefinitions, openapi.NewDefinitionNamer(legacyscheme.Scheme))
	server, err := config.Complete(nil).New("test", genericapiserver.NewEmptyDelegate())
	if err != nil {
		t.Fatal(err)
	}
	if err := Install(server, figures); err != nil {
		t.Fatal(err)
	}
	return filters.WithRequestInfo(server.UnprotectedHandler(), genericapiserver.NewRequestInfoResolver(config))
}

func TestAnswers(t *testing.T) {
	busy := []*model.ContainerStats{sample(0, 0, 1), sample(20, 10, 2<<20)}
	known := samples{"/": {Stats: busy}, "/p/a": {Stats: busy}, "/p/b": {Stats: busy[1:]}}
	const root = "/apis/metrics.k8s.io/v1beta1"
	const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io"
	for _, test := range []struct {
		name, path, accept string
		sampler            Sampler
		status             int
		want, absent       []string
	}{
		{"pods that have figures", root + "/pods", "", known, 200,
			[]string{`"kind":"PodMetricsList"`, `"name":"web"`, `"app":"web"`, `"timestamp":"2026-11-30T12:00:20Z"`, `"window":"20s"`, `"cpu":"500m","memory":"2Mi"`}, []string{`"new"`}},
		{"one pod", root + "/namespaces/shop/pods/web", "", known, 200, []string{`"kind":"PodMetrics"`, `"main"`}, nil},
		{"a pod without figures yet", root + "/namespaces/shop/pods/new", "", known, 404, []string{`podmetrics.metrics.k8s.io \"shop/new\" not found`}, nil},
		{"a pod that isn't there", root + "/namespaces/shop/pods/none", "", known, 404, []string{`podmetrics.metrics.k8s.io \"shop/none\" not found`}, nil},
		{"by label", root + "/namespaces/shop/pods?labelSelector=app%3Dweb", "", known, 200, []string{`"web"`}, nil},
		{"by another label", root + "/namespaces/shop/pods?labelSelector=app%3Dnew", "", known, 200, []string{`"items":[]`}, nil},
		{"in another namespace", root + "/namespaces/none/pods", "", known, 200, []string{`"items":[]`}, nil},
		{"a selector that can't be read", root + "/pods?labelSelector=%3D%3D", "", known, 400, nil, nil},
		{"a field that it hasn't", root + "/pods?fieldSelector=spec.nodeName%3Dbox", "", known, 400, []string{"spec.nodeName"}, nil},
		{"the node", root + "/nodes", "", known, 200, []string{`"kind":"NodeMetricsList"`, `"name":"box"`, `"usage":{"cpu":"500m","memory":"2Mi"}`}, []string{"virtual"}},
		{"the node, by name", root + "/nodes/box", "", known, 200, []string{`"kind":"NodeMetrics"`}, nil},
		{"a node that isn't there", root + "/nodes/none", "", known, 404, []string{`nodemetrics.metrics.k8s.io \"none\" not found`}, nil},
		{"nothing yet", root + "/nodes", "", nil, 200, []string{`"items":[]`}, nil},
		{"no pods yet", root + "/pods", "", nil, 200, []string{`"items":[]`}, nil},
		{"a table", root + "/pods", asTable, known, 200, []string{`"name":"CPU"`, `"cells":["web","500m","2Mi","20s"]`}, nil},
		{"a table of nodes", root + "/nodes", asTable, known, 200, []string{`"cells":["box","500m","2Mi","20s"]`}, nil},
		{"protobuf, as the autoscaler asks", root + "/pods", "application/vnd.kubernetes.protobuf", known, 200, []string{"k8s\x00", "PodMetricsList"}, nil},
		{"no watch", root + "/pods?watch=true", "", known, 405, []string{"watch"}, nil},
		{"what there is", root, "", known, 200, []string{`"name":"nodes","singularName":"","namespaced":false,"kind":"NodeMetrics","verbs":["get","list"]`, `"kind":"PodMetrics"`}, nil},
		{"the group", "/apis/metrics.k8s.io", "", known, 200, []string{`"preferredVersion":{"groupVersion":"metrics.k8s.io/v1beta1"`}, nil},
	} {
		request := httptest.NewRequest(http.MethodGet, test.path, nil)
		request.Header.Set("Accept", test.accept)
		answer := httptest.NewRecorder()
		serve(t, test.sampler).ServeHTTP(answer, request)
		body := answer.Body.String()
		if answer.Code != test.status {
			t.Errorf("%s: status %d %s", test.name, answer.Code, body)
		}
		for _, part := range test.want {
			if !strings.Contains(body, part) {
				t.Errorf("%s: no %s in %s", test.name, part, body)
			}
		}
		for _, part := range test.absent {
			if strings.Contains(body, part) {
				t.Errorf("%s: %s in %s", test.name, part, body)
			}
		}
	}
}
