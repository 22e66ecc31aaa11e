package components

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"k8s.io/client-go/rest"
	"k8s.io/controller-manager/pkg/clientbuilder"
)

// Clients are made as upstream's command makes them.
func TestControllersComeUnderTheirNames(t *testing.T) {
	var user string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { user = r.Header.Get("Impersonate-User") }))
	defer server.Close()
	shared := &rest.Config{Host: server.URL}
	shared.Wrap(asControllers(controllerNames(), nil))
	builder := clientbuilder.SimpleControllerClientBuilder{ClientConfig: shared}
	for name, want := range map[string]string{
		"generic-garbage-collector": "system:serviceaccount:kube-system:generic-garbage-collector",
		"namespace-controller":      "system:serviceaccount:kube-system:namespace-controller",
		"root-ca-cert-publisher":    "system:serviceaccount:kube-system:root-ca-cert-publisher",
		"shared-informers":          "",
		"metadata-informers":        "",
	} {
		client, err := builder.Client(name)
		if err != nil {
			t.Fatal(err)
		}
		_ = client.Discovery().RESTClient().Get().AbsPath("/api/v1/pods").Do(t.Context())
		if user != want {
			t.Errorf("%s comes as %q", name, user)
		}
	}
}

type roundTrips func(*http.Request)

func (r roundTrips) RoundTrip(request *http.Request) (*http.Response, error) {
	r(request)
	return httptest.NewRecorder().Result(), nil
}

func TestTheAdministratorAsksWhatIsServed(t *testing.T) {
	for _, test := range []struct {
		method, path    string
		byAdministrator bool
	}{
		{"GET", "/api", true},
		{"GET", "/api/v1", true},
		{"GET", "/apis", true},
		{"GET", "/apis/", true},
		{"GET", "/apis/apps", true},
		{"GET", "/apis/certificates.k8s.io/v1", true},
		{"GET", "/api/v1/pods", false},
		{"GET", "/apis/apps/v1/deployments", false},
		{"POST", "/apis/apps/v1", false},
		{"GET", "/apiserver", false},
		{"GET", "/version", false},
		{"GET", "/", false},
	} {
		by := map[bool]int{}
		count := func(isAdministrator bool) roundTrips { return func(*http.Request) { by[isAdministrator]++ } }
		transport := asControllers(nil, count(true))(count(false))
		response, err := transport.RoundTrip(httptest.NewRequest(test.method, test.path, nil))
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if by[test.byAdministrator] != 1 || len(by) != 1 {
			t.Errorf("%s %s: by the administrator: %d, by a controller: %d", test.method, test.path, by[true], by[false])
		}
	}
}
