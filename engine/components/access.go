package components

import (
	"context"
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
)

// adminClient is the engine's own: for readiness and for the few objects that it makes itself.
func adminClient(c config.Config) (kubernetes.Interface, error) {
	client, err := clientcmd.BuildConfigFromFlags("", c.AdminKubeconfig())
	if err != nil {
		return nil, err
	}
	client.QPS = -1 // a few requests while starting, none later: nothing to limit
	return kubernetes.NewForConfig(client)
}

// accessUnit grants the API server the use of the kubelet (logs, exec). Kubernetes defines the role,
// but leaves it to the installer to bind it; the usual way is system:masters, which can do anything.
func accessUnit(admin kubernetes.Interface) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  access,
		After: []string{apiserver},
		Task:  true,
		Run: func(ctx context.Context) error {
			_, err := admin.RbacV1().ClusterRoleBindings().Create(ctx, kubeletAccess, metav1.CreateOptions{})
			if err != nil && !apierrors.IsAlreadyExists(err) {
				return fmt.Errorf("cannot bind the role %s: %w", kubeletAccess.RoleRef.Name, err)
			}
			return nil
		},
	}
}

var kubeletAccess = &rbacv1.ClusterRoleBinding{
	ObjectMeta: metav1.ObjectMeta{Name: "kubesolo:kubelet-api-admin"},
	Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: pki.KubeletClientUser}},
	RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "system:kubelet-api-admin"},
}
