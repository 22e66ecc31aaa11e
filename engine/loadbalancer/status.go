package loadbalancer

import (
	"context"
	"errors"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/logs"
)

const fieldManager = "kubesolo-os"

// write takes addresses back before it gives any: a port has one owner at any time.
func write(ctx context.Context, client kubernetes.Interface, decisions []decision) (done bool) {
	done = true
	for _, giving := range []bool{false, true} {
		for _, d := range decisions {
			if (len(d.ingress) > 0) != giving || d.isDone() {
				continue
			}
			service := d.service.DeepCopy()
			service.Status.LoadBalancer.Ingress = d.ingress
			_, err := client.CoreV1().Services(service.Namespace).UpdateStatus(ctx, service, metav1.UpdateOptions{FieldManager: fieldManager})
			// It has just changed or gone: that is looked at next.
			if err == nil || apierrors.IsConflict(err) || apierrors.IsNotFound(err) || ctx.Err() != nil {
				continue
			}
			logs.Line("loadbalancer", "cannot write the status of the Service %s/%s: %v", service.Namespace, service.Name, err)
			done = false
		}
	}
	return done
}

// TakeBack is for a node without load balancer: kube-proxy goes on as long as a status names an address.
func TakeBack(ctx context.Context, client kubernetes.Interface) error {
	list, err := client.CoreV1().Services(metav1.NamespaceAll).List(ctx, metav1.ListOptions{
		FieldSelector: fields.OneTermEqualSelector("spec.type", string(corev1.ServiceTypeLoadBalancer)).String(),
	})
	if err != nil {
		return err
	}
	var services []*corev1.Service
	for i := range list.Items {
		services = append(services, &list.Items[i])
	}
	if !write(ctx, client, plan(services, node{})) {
		return errors.New("a Service still has the node's address")
	}
	return nil
}
