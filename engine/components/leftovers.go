package components

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/dns"
)

// upstreamWebhook stands for KubeSolo's scheduler, and KubeSolo makes its configuration at every start. So where it is,
// the state was KubeSolo's last; where it isn't, what has the names below is people's own.
const upstreamWebhook = "webhook.kubesolo.io"

// removeLeftovers removes what KubeSolo keeps in the cluster for work that this engine does in its own process: with two
// provisioners and two DNS servers, each would get half of the questions. The webhook's configuration goes last: until
// then, another try begins here again.
func removeLeftovers(ctx context.Context, admin kubernetes.Interface, own dns.Options) error {
	webhooks := admin.AdmissionregistrationV1().MutatingWebhookConfigurations()
	if _, err := webhooks.Get(ctx, upstreamWebhook, metav1.GetOptions{}); err != nil {
		if apierrors.IsNotFound(err) {
			return nil
		}
		return fmt.Errorf("cannot look for the webhook %s: %w", upstreamWebhook, err)
	}
	const storageNamespace, provisioner = "local-path-storage", "local-path-provisioner"
	rbac, apps, core := admin.RbacV1(), admin.AppsV1(), admin.CoreV1()
	for _, each := range []struct {
		name   string
		remove func(context.Context, string, metav1.DeleteOptions) error
	}{
		{"coredns", apps.Deployments(metav1.NamespaceSystem).Delete},
		{"coredns", core.ConfigMaps(metav1.NamespaceSystem).Delete},
		{"coredns", core.ServiceAccounts(metav1.NamespaceSystem).Delete},
		{"system:coredns", rbac.ClusterRoleBindings().Delete},
		{"system:coredns", rbac.ClusterRoles().Delete},
		{provisioner, apps.Deployments(storageNamespace).Delete},
		{"local-path-config", core.ConfigMaps(storageNamespace).Delete},
		{provisioner + "-service-account", core.ServiceAccounts(storageNamespace).Delete},
		{provisioner + "-bind", rbac.RoleBindings(storageNamespace).Delete},
		{provisioner + "-role", rbac.Roles(storageNamespace).Delete},
		{provisioner + "-bind", rbac.ClusterRoleBindings().Delete},
		{provisioner + "-role", rbac.ClusterRoles().Delete},
		{"", func(ctx context.Context, _ string, _ metav1.DeleteOptions) error {
			return dns.RemoveOtherEndpoints(ctx, admin, own)
		}},
		{upstreamWebhook, webhooks.Delete},
	} {
		if err := each.remove(ctx, each.name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("cannot remove KubeSolo's %s: %w", each.name, err)
		}
	}
	return nil
}
