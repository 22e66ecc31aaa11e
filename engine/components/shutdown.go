package components

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/shutdown"
)

// listTime is what the API has to tell which pods there are.
const listTime = 5 * time.Second

// podsUnit ends the pods when the machine goes down, while all that they may need is still there. When only the engine
// stops, it leaves them.
func podsUnit(c config.Config, admin kubernetes.Interface, closing *Closing) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  pods,
		After: []string{kubelet, proxy, clusterDNS, controllers, localStorage, loadBalancer},
		Run: func(ctx context.Context) error {
			<-ctx.Done()
			if closing.begun() {
				stopPods(context.WithoutCancel(ctx), admin, c.ShutdownGracePeriod)
			}
			return nil
		},
		StopWithin: c.ShutdownGracePeriod + listTime + 5*time.Second,
	}
}

func stopPods(ctx context.Context, admin kubernetes.Interface, limit time.Duration) {
	log := func(format string, args ...any) { logs.Line("engine", format, args...) }
	asking, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	var objects []corev1.Pod
	list, err := admin.CoreV1().Pods(metav1.NamespaceAll).List(asking, metav1.ListOptions{})
	if err == nil {
		objects = list.Items
	} else {
		log("cannot ask for the pods' grace periods and hooks, so they get the default: %v", err)
	}
	runtime, err := runtimeClient()
	if err == nil {
		err = shutdown.Stop(ctx, runtime, objects, limit, log)
	}
	if err != nil {
		log("cannot stop the pods: %v", err)
	}
}
