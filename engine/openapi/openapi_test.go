package openapi

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/emicklei/go-restful/v3"
	"k8s.io/apiserver/pkg/server/mux"
	"k8s.io/apiserver/pkg/server/routes"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/handler3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

func source() Source {
	services := restful.NewContainer()
	for _, path := range []string{"/apis/apps/v1", "/api/v1"} {
		service := new(restful.WebService).Path(path)
		service.Route(service.GET("/things").Operation("list" + path).Produces("application/json").
			To(func(*restful.Request, *restful.Response) {}))
		services.Add(service)
	}
	info := &spec.Info{InfoProps: spec.InfoProps{Title: "test", Version: "1"}}
	definitions := func(common.ReferenceCallback) map[string]common.OpenAPIDefinition { return nil }
	return Source{
		Services: services,
		Version2: &common.Config{Info: info, GetDefinitions: definitions},
		Version3: &common.OpenAPIV3Config{Info: info, GetDefinitions: definitions},
		Identity: "v1",
	}
}

func serve(source Source) *mux.PathRecorderMux {
	paths := mux.NewPathRecorderMux("test")
	Install(source, paths)
	return paths
}

func get(handler http.Handler, path string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

func addresses(t *testing.T, handler http.Handler) map[string]handler3.OpenAPIV3DiscoveryGroupVersion {
	t.Helper()
	var list handler3.OpenAPIV3Discovery
	if err := json.Unmarshal(get(handler, "/openapi/v3").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	return list.Paths
}

func TestDocumentsAreUpstreams(t *testing.T) {
	source := source()
	upstream := mux.NewPathRecorderMux("upstream")
	routes.OpenAPI{Config: source.Version2}.InstallV2(source.Services, upstream)
	routes.OpenAPI{V3Config: source.Version3}.InstallV3(source.Services, upstream)
	ours := serve(source)
	source.Release()
	for _, path := range []string{"/openapi/v2", "/openapi/v3/apis/apps/v1", "/openapi/v3/api/v1"} {
		want, got := get(upstream, path), get(ours, path)
		if got.Code != http.StatusOK || got.Body.String() != want.Body.String() {
			t.Errorf("%s: %d %s\nwant %s", path, got.Code, got.Body, want.Body)
		}
	}
	list := addresses(t, ours)
	for path := range addresses(t, upstream) {
		if _, listed := list[path]; !listed {
			t.Errorf("%s is not listed", path)
		}
	}
}

func TestAListedAddressMayBeKept(t *testing.T) {
	ours := serve(source())
	answer := get(ours, addresses(t, ours)["apis/apps/v1"].ServerRelativeURL)
	if answer.Code != http.StatusOK || answer.Header().Get("Cache-Control") != "public, immutable" {
		t.Errorf("%d %v", answer.Code, answer.Header())
	}
}

func TestAnOldAddressLeadsToTheNewOne(t *testing.T) {
	newer := source()
	newer.Identity = "v2"
	ours := serve(newer)
	answer := get(ours, addresses(t, serve(source()))["api/v1"].ServerRelativeURL)
	if to := answer.Header().Get("Location"); answer.Code != http.StatusMovedPermanently || to != addresses(t, ours)["api/v1"].ServerRelativeURL {
		t.Errorf("%d to %q", answer.Code, to)
	}
}

func TestAnUnknownGroup(t *testing.T) {
	if code := get(serve(source()), "/openapi/v3/apis/none/v1").Code; code != http.StatusNotFound {
		t.Errorf("got %d", code)
	}
}
