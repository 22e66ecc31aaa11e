package components

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/authentication/serviceaccount"
	"k8s.io/client-go/transport"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

// controllerNames are those of upstream's controllers, which are also their service accounts', in order. Each has a role that
// the API server makes and binds.
func controllerNames() (names []string) {
	for _, role := range bootstrappolicy.ControllerRoles() {
		names = append(names, strings.TrimPrefix(role.Name, "system:controller:"))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// asControllers has each controller come to the API server under its own name, as people's policies know it
// (system:serviceaccount:kube-system:NAME), and with no more rights than it needs. The way with tokens would cost some
// hundred requests and writes at each start; here the one user that all of them are stands in for them. Who asks is told by
// the end of its user agent.
//
// What the API server serves is asked by the administrator, whom no missing role or binding keeps from it: a controller that
// isn't told can't be built, and the engine would end. All else is tried again.
func asControllers(names []string, administrator http.RoundTripper) transport.WrapperFunc {
	users := map[string]string{}
	for _, name := range names {
		users[name] = serviceaccount.MakeUsername(metav1.NamespaceSystem, name)
	}
	return func(next http.RoundTripper) http.RoundTripper { return named{next, users, administrator} }
}

type named struct {
	next          http.RoundTripper
	users         map[string]string
	administrator http.RoundTripper
}

func (n named) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodGet && discovery.MatchString(request.URL.Path) {
		return n.administrator.RoundTrip(request)
	}
	agent := request.UserAgent()
	user, found := n.users[agent[strings.LastIndex(agent, "/")+1:]]
	if !found { // what they share, such as informers
		return n.next.RoundTrip(request)
	}
	request = request.Clone(request.Context()) // the caller's is not ours to change
	request.Header.Set(transport.ImpersonateUserHeader, user)
	return n.next.RoundTrip(request)
}

// discovery: /api, /api/VERSION, /apis, /apis/GROUP and /apis/GROUP/VERSION.
// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
var discovery = regexp.MustCompile(`^/(api(/[^/]+)?|apis(/[^/]+){0,2})/?$`)
