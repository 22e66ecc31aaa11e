package usage

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	genericapiserver "k8s.io/apiserver/pkg/server"
)

const (
	without = `{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}]}`
	foreign = `{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1","version":"v1"}],"preferredVersion":{"groupVersion":"metrics.k8s.io/v1","version":"v1"}}]}`
	newer   = `application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json`
)

func TestTheOlderListOfGroups(t *testing.T) {
	for _, test := range []struct {
		name, path, accept, answer string
		status                     int
		want                       string // the groups' versions; "" means: the answer as it is
	}{
		{"gets the group, last", "/apis", "application/json", without, 200, "apps/v1 metrics.k8s.io/v1beta1"},
		{"gets it with a slash behind it, too", "/apis/", "", without, 200, "apps/v1 metrics.k8s.io/v1beta1"},
		{"keeps somebody's own", "/apis", "application/json", foreign, 200, "metrics.k8s.io/v1"},
		{"fails as it did", "/apis", "application/json", `{"kind":"Status"}`, 503, ""},
		{"is what it is when it is no list", "/apis", "application/json", "soon", 200, ""},
		{"isn't what later clients ask for", "/apis", newer, without, 200, ""},
		{"is no other path's", "/apis/apps", "application/json", without, 200, ""},
	} {
		next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(test.status)
			io.WriteString(w, test.answer)
		})
		chain := Listed(func(inner http.Handler, _ *genericapiserver.Config) http.Handler { return inner })
		request := httptest.NewRequest(http.MethodGet, test.path, nil)
		request.Header.Set("Accept", test.accept)
		answer := httptest.NewRecorder()
		chain(next, nil).ServeHTTP(answer, request)
		body := answer.Body.String()
		if answer.Code != test.status || test.want == "" && body != test.answer {
			t.Errorf("%s: %d %s", test.name, answer.Code, body)
		}
		if test.want == "" {
			continue
		}
		var list metav1.APIGroupList
		if err := json.Unmarshal([]byte(body), &list); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		var versions []string
		for _, group := range list.Groups {
			versions = append(versions, group.PreferredVersion.GroupVersion)
		}
		if got := strings.Join(versions, " "); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}
