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
	shared.Wrap(asControllers(controllerNames()))
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
		_ = client.Discovery().RESTClient().Get().AbsPath("/version").Do(t.Context())
		if user != want {
			t.Errorf("%s comes as %q", name, user)
		}
	}
}
