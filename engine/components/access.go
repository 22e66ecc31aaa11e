package components

import (
	"context"
	"fmt"
	"net/http"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
	"kubesolo-os/engine/usage"
)

// adminClient is the engine's own: for readiness and for the few objects that it makes itself.
func adminClient(c config.Config) (kubernetes.Interface, error) {
	client, err := adminConfig(c)
	if err != nil {
		return nil, err
	}
	client.QPS = -1 // few requests, all to this process: nothing to limit
	client.ContentType = runtime.ContentTypeProtobuf
	return kubernetes.NewForConfig(client)
}

func adminConfig(c config.Config) (*rest.Config, error) {
	client, err := clientcmd.BuildConfigFromFlags("", c.AdminKubeconfig())
	if err != nil {
		return nil, err
	}
	// The same as in the kubeconfig, but read again when they are renewed.
	client.CertFile, client.CertData = pki.Certificate(c, pki.Admin), nil
	client.KeyFile, client.KeyData = pki.Key(c, pki.Admin), nil
	return client, nil
}

func adminTransport(c config.Config) (http.RoundTripper, error) {
	client, err := adminConfig(c)
	if err != nil {
		return nil, err
	}
	return rest.TransportFor(client)
}

// accessUnit grants what Kubernetes leaves to the installer (the usual way is the group system:masters,
// which may do anything), and registers the node.
func accessUnit(c config.Config, admin kubernetes.Interface) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  access,
		After: []string{apiserver},
		Task:  true,
		Run: func(ctx context.Context) error {
			makeOwn(ctx, access, accessWrites(c, admin)...)
			return nil
		},
	}
}

func accessWrites(c config.Config, admin kubernetes.Interface) []ownWrite {
	writes := []ownWrite{
		{"the controllers' role", func(ctx context.Context) error { return ensureClusterRole(ctx, admin, controllersRole()) }},
		{"the role of who looks at usage", func(ctx context.Context) error { return ensureClusterRole(ctx, admin, usage.ReadersRole()) }},
		{"the node", func(ctx context.Context) error {
			return registerNode(ctx, admin, newNode(c.NodeName, c.NodeIPs(), c.NodeLabels))
		}},
	}
	for _, bound := range boundRoles {
		writes = append(writes, ownWrite{"the binding " + bound.binding, func(ctx context.Context) error {
			return ensureBinding(ctx, admin, bound.binding, bound.user, bound.role)
		}})
	}
	return append(writes, ownWrite{"the end of what KubeSolo left", func(ctx context.Context) error { return removeLeftovers(ctx, admin, dnsOptions(c)) }})
}

const controllersRoleName = "kubesolo:controllers"

// boundRoles are users and the cluster roles that they get: the API server uses the kubelet for logs and
// exec, the controllers work.
var boundRoles = []struct{ binding, user, role string }{
	{"kubesolo:kubelet-api-admin", pki.KubeletClientUser, "system:kubelet-api-admin"},
	{controllersRoleName, user.KubeControllerManager, controllersRoleName},
}

// controllersRole is to come under the names of upstream's controllers, see asControllers. What each may do is upstream's to say.
func controllersRole() *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: controllersRoleName},
		Rules: []rbacv1.PolicyRule{{
			Verbs: []string{"impersonate"}, APIGroups: []string{""}, Resources: []string{"serviceaccounts"}, ResourceNames: controllerNames(),
		}},
	}
}

// ensureClusterRole makes the role, or brings that of an older release up to date.
func ensureClusterRole(ctx context.Context, admin kubernetes.Interface, role *rbacv1.ClusterRole) error {
	roles := admin.RbacV1().ClusterRoles()
	present, err := roles.Get(ctx, role.Name, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		_, err = roles.Create(ctx, role, metav1.CreateOptions{})
	case err == nil && !equality.Semantic.DeepEqual(present.Rules, role.Rules):
		_, err = roles.Update(ctx, role, metav1.UpdateOptions{})
	}
	if err != nil {
		return fmt.Errorf("cannot write the cluster role %s: %w", role.Name, err)
	}
	return nil
}

func ensureBinding(ctx context.Context, admin kubernetes.Interface, name, userName, role string) error {
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: userName}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
	}
	bindings := admin.RbacV1().ClusterRoleBindings()
	_, err := bindings.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		_, err = bindings.Create(ctx, binding, metav1.CreateOptions{})
	}
	if err != nil {
		return fmt.Errorf("cannot bind the role %s: %w", role, err)
	}
	return nil
}
