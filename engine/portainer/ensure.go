package portainer

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/ptr"

	"kubesolo-os/engine/config"
)

// Ensure makes the agent's objects when there is a key, brings them up to date when the settings have
// changed, and removes them when the key is gone. In between they are Portainer's: it updates its agent.
func Ensure(ctx context.Context, client kubernetes.Interface, settings config.Portainer) error {
	present, err := client.AppsV1().Deployments(namespace).Get(ctx, agent, metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("cannot look for the Portainer agent: %w", err)
	}
	madeFrom, isOurs := present.Annotations[fingerprintNote]
	switch {
	case settings.EdgeKey == "" && isOurs:
		return remove(ctx, client)
	case settings.EdgeKey == "" || madeFrom == fingerprint(settings):
		return nil
	}
	return apply(ctx, client, settings)
}

// apply makes the deployment last: only with its note are the settings done with.
func apply(ctx context.Context, client kubernetes.Interface, settings config.Portainer) error {
	_, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{})
	if err == nil || apierrors.IsAlreadyExists(err) {
		err = put(ctx, serviceAccount(), client.CoreV1().ServiceAccounts(namespace))
	}
	if err == nil {
		err = put(ctx, clusterRoleBinding(), client.RbacV1().ClusterRoleBindings())
	}
	if err == nil {
		err = put(ctx, service(), client.CoreV1().Services(namespace))
	}
	if err == nil {
		err = put(ctx, environment(settings), client.CoreV1().ConfigMaps(namespace))
	}
	if err == nil {
		err = put(ctx, secret(settings), client.CoreV1().Secrets(namespace))
	}
	if err == nil {
		err = put(ctx, deployment(settings), client.AppsV1().Deployments(namespace))
	}
	if err != nil {
		return fmt.Errorf("cannot start the Portainer agent: %w", err)
	}
	return nil
}

// kind is the client of one kind of objects.
type kind[T any] interface {
	Create(context.Context, T, metav1.CreateOptions) (T, error)
	Update(context.Context, T, metav1.UpdateOptions) (T, error)
}

func put[T any](ctx context.Context, object T, client kind[T]) error {
	_, err := client.Create(ctx, object, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		_, err = client.Update(ctx, object, metav1.UpdateOptions{})
	}
	return err
}

// remove takes the rights away first, and the deployment last: as long as its note is there, an
// interrupted removal goes on at the next start. The namespace stays; it may hold more by now.
func remove(ctx context.Context, client kubernetes.Interface) error {
	options := metav1.DeleteOptions{}
	for _, err := range []error{
		client.RbacV1().ClusterRoleBindings().Delete(ctx, binding, options),
		client.CoreV1().ServiceAccounts(namespace).Delete(ctx, account, options),
		client.CoreV1().Services(namespace).Delete(ctx, agent, options),
		client.CoreV1().ConfigMaps(namespace).Delete(ctx, configuration, options),
		client.CoreV1().Secrets(namespace).Delete(ctx, keySecret, options),
	} {
		if err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("cannot remove the Portainer agent: %w", err)
		}
	}
	return client.AppsV1().Deployments(namespace).Delete(ctx, agent, metav1.DeleteOptions{
		PropagationPolicy: ptr.To(metav1.DeletePropagationForeground),
	})
}
