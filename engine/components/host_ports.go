package components

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/record"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/ports"
	"kubesolo-os/engine/preflight"
)

// hostPortConditions are what a packet must fulfil to be looked at for pods' host ports: what the engine serves stays its
// own, and its own questions never meet rules that a pod wrote. Pure.
func hostPortConditions(all []ports.Port, family family) []string {
	var everywhere, somewhere []string
	for _, port := range all {
		socket := fmt.Sprintf("%s . %d", strings.ToLower(string(port.Protocol)), port.Number)
		if port.Address.IsUnspecified() {
			everywhere = append(everywhere, socket)
		} else if family.has(port.Address) {
			somewhere = append(somewhere, port.Address.String()+" . "+socket)
		}
	}
	conditions := []string{"meta l4proto . th dport != { " + strings.Join(everywhere, ", ") + " }"}
	if len(somewhere) > 0 {
		conditions = append(conditions, family.rules+" daddr . meta l4proto . th dport != { "+strings.Join(somewhere, ", ")+" }")
	}
	return conditions
}

// hostPortRefusals are why a pod doesn't get ports of the node that it asks for. Pure.
func hostPortRefusals(all []ports.Port, configuration *cri.PodSandboxConfig) (refusals []string) {
	for _, mapping := range configuration.GetPortMappings() {
		if mapping.GetHostPort() == 0 {
			continue
		}
		address, err := netip.ParseAddr(mapping.GetHostIp())
		if err != nil || address.IsUnspecified() { // mostly it is ""
			address = netip.IPv4Unspecified()
		}
		protocol := corev1.Protocol(mapping.GetProtocol().String())
		owner, consequence := ports.OwnerAt(all, address, protocol, mapping.GetHostPort()), "the pod runs without it: choose another hostPort"
		if onNodeNetwork(configuration) {
			owner = ports.SocketOwner(all, protocol, mapping.GetHostPort())
			consequence = "on the node's network it can't listen there: choose another port, or an address of the node's to listen on"
		}
		if owner != "" {
			refusals = append(refusals, fmt.Sprintf("port %d/%s of the node belongs to %s; %s", mapping.GetHostPort(), protocol, owner, consequence))
		}
	}
	return refusals
}

// hostPortGuard tells pods whose the ports are that they don't get.
type hostPortGuard struct {
	ports  []ports.Port
	events record.EventRecorder
}

func newHostPortGuard(ctx context.Context, c config.Config, admin kubernetes.Interface) *hostPortGuard {
	return &hostPortGuard{ports.Of(c), eventRecorder(ctx, admin, kubelet)}
}

func (g *hostPortGuard) tell(configuration *cri.PodSandboxConfig) {
	pod := configuration.GetMetadata()
	about := &corev1.ObjectReference{
		APIVersion: "v1", Kind: "Pod",
		Namespace: pod.GetNamespace(), Name: pod.GetName(), UID: types.UID(pod.GetUid()),
	}
	for _, refusal := range hostPortRefusals(g.ports, configuration) {
		g.events.Event(about, corev1.EventTypeWarning, portRefused, refusal)
	}
}

// tellEnded tells pods whose containers were ended for a port. Most starts have none.
func (g *hostPortGuard) tellEnded(ctx context.Context, admin kubernetes.Interface, ended []preflight.Ended) {
	if len(ended) == 0 {
		return
	}
	pods, err := admin.CoreV1().Pods(metav1.NamespaceAll).List(ctx, metav1.ListOptions{})
	if err != nil {
		logs.Line(kubelet, "cannot tell pods that they had taken ports of the engine's: %v", err)
		return
	}
	for _, each := range ended {
		for i := range pods.Items {
			if string(pods.Items[i].UID) == each.PodUID {
				g.events.Event(&pods.Items[i], corev1.EventTypeWarning, portRefused, each.What)
			}
		}
	}
}
