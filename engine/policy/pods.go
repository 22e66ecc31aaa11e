package policy

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// podsOf are the pods that policies apply to, each with addresses of its own: a pod with two is there twice. learned are addresses
// that the runtime gave out: they count more than what a pod's status says, which is late, and after a
// reboot is of the boot before.
func podsOf(all []*corev1.Pod, learned map[types.UID][]netip.Addr) []Pod {
	owners := map[netip.Addr]*corev1.Pod{}
	for _, pod := range all {
		for _, address := range podAddresses(pod, learned) {
			if present := owners[address]; present == nil || outranks(pod, present, learned) {
				owners[address] = pod
			}
		}
	}
	pods := make([]Pod, 0, len(owners))
	for address, pod := range owners {
		pods = append(pods, Pod{pod.Namespace, pod.Name, pod.Labels, address.String(), portsOf(pod)})
	}
	return pods
}

// podAddresses are none for pods on the node's own network, whose address is the node's, and for those
// that have ended: somebody else may have got their address.
func podAddresses(pod *corev1.Pod, learned map[types.UID][]netip.Addr) (addresses []netip.Addr) {
	if pod.Spec.HostNetwork || pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return nil
	}
	if addresses, found := learned[pod.UID]; found {
		return addresses
	}
	for _, each := range pod.Status.PodIPs {
		if address, err := netip.ParseAddr(each.IP); err == nil {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// outranks decides between two pods that claim one address: learned is certain, newer more likely.
func outranks(pod, other *corev1.Pod, learned map[types.UID][]netip.Addr) bool {
	_, certain := learned[pod.UID]
	_, otherCertain := learned[other.UID]
	if certain != otherCertain {
		return certain
	}
	if created := pod.CreationTimestamp.Time; !created.Equal(other.CreationTimestamp.Time) {
		return created.After(other.CreationTimestamp.Time)
	}
	return pod.UID > other.UID
}

func portsOf(pod *corev1.Pod) (ports []Port) {
	for _, container := range podContainers(pod) {
		for _, port := range container.Ports {
			protocol := port.Protocol
			if protocol == "" {
				protocol = corev1.ProtocolTCP
			}
			ports = append(ports, Port{port.Name, protocol, port.ContainerPort})
		}
	}
	return ports
}

// podContainers: sidecars, which are init containers that stay, serve ports too.
func podContainers(pod *corev1.Pod) (containers []corev1.Container) {
	for _, container := range pod.Spec.InitContainers {
		if container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			containers = append(containers, container)
		}
	}
	return append(containers, pod.Spec.Containers...)
}

// trimPod keeps what podsOf reads; a pod is some kilobytes, of which this is a few hundred bytes.
func trimPod(object any) (any, error) {
	pod, isPod := object.(*corev1.Pod)
	if !isPod {
		return object, nil
	}
	var containers []corev1.Container
	for _, container := range podContainers(pod) {
		if len(container.Ports) > 0 {
			containers = append(containers, corev1.Container{Ports: container.Ports})
		}
	}
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID, Labels: pod.Labels,
			CreationTimestamp: pod.CreationTimestamp, ResourceVersion: pod.ResourceVersion,
		},
		Spec:   corev1.PodSpec{HostNetwork: pod.Spec.HostNetwork, Containers: containers},
		Status: corev1.PodStatus{Phase: pod.Status.Phase, PodIPs: pod.Status.PodIPs},
	}, nil
}
