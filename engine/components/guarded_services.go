package components

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	kubeproxy "k8s.io/kubernetes/pkg/proxy"

	"kubesolo-os/engine/ports"
)

// portRefused is the reason of events about workloads that want a port of the engine's.
const portRefused = "PortRefused"

// guardedProxier is kube-proxy, but for what Services would take away from the engine. kube-proxy would send its ports to
// pods, or refuse all connections to them when there are none.
type guardedProxier struct {
	kubeproxy.Provider
	guard    *serviceGuard
	activity proxyActivity
}

// use is called once, before anything else is.
func (p *guardedProxier) use(provider kubeproxy.Provider, guard *serviceGuard) {
	p.Provider, p.guard = provider, guard
	p.activity.started.Store(true)
}

func (p *guardedProxier) OnServiceAdd(service *corev1.Service) {
	p.handle(service, func() { p.Provider.OnServiceAdd(keepClients(p.guard.check(service))) })
}

func (p *guardedProxier) OnServiceUpdate(old, service *corev1.Service) {
	p.handle(service, func() {
		left, _ := p.guard.leave(old)
		p.Provider.OnServiceUpdate(keepClients(left), keepClients(p.guard.check(service)))
	})
}

func (p *guardedProxier) OnServiceDelete(service *corev1.Service) {
	p.handle(service, func() {
		delete(p.guard.told, service.UID)
		left, _ := p.guard.leave(service)
		p.Provider.OnServiceDelete(keepClients(left))
	})
}

// keepClients is the Service with the policy by which kube-proxy sends clients from outside only to pods of this node, and so needn't
// put the node's address in the place of theirs: all pods are. Who wrote the endpoints by hand may mean other machines: a Service
// without a selector stays as it is. A balancer in front of the node would ask for the policy's health port, so the type is that of node
// ports; kube-proxy does the same for both. Pure.
func keepClients(service *corev1.Service) *corev1.Service {
	spec := service.Spec
	if len(spec.Selector) == 0 || spec.ExternalTrafficPolicy != corev1.ServiceExternalTrafficPolicyCluster {
		return service
	}
	kept := *service
	kept.Spec.ExternalTrafficPolicy = corev1.ServiceExternalTrafficPolicyLocal
	if spec.Type == corev1.ServiceTypeLoadBalancer {
		kept.Spec.Type = corev1.ServiceTypeNodePort
	}
	return &kept
}

// serviceGuard knows what Services can't have. One goroutine of kube-proxy's calls it.
type serviceGuard struct {
	ports    []ports.Port
	isOfNode func(netip.Addr) bool
	tell     func(service *corev1.Service, why string)
	told     map[types.UID]string
}

// check is leave, and tells of each other reason once.
func (g *serviceGuard) check(service *corev1.Service) *corev1.Service {
	left, why := g.leave(service)
	if why != "" && g.told[service.UID] != why {
		g.tell(service, why)
	}
	if g.told == nil {
		g.told = map[types.UID]string{}
	}
	g.told[service.UID] = why
	return left
}

// leave is the Service without the addresses and node ports at which the engine serves, and why; itself when it wants none.
// An address belongs to all of a Service's ports, so it goes as a whole.
func (g *serviceGuard) leave(service *corev1.Service) (left *corev1.Service, why string) {
	left = service
	change := func(reason string) {
		if left == service {
			left = service.DeepCopy()
		}
		why = reason
	}
	for _, address := range service.Spec.ExternalIPs {
		if reason := g.refusal(service, address); reason != "" {
			change(reason + ": choose another port, or give the Service no such externalIP")
			left.Spec.ExternalIPs = slices.DeleteFunc(left.Spec.ExternalIPs, func(each string) bool { return each == address })
		}
	}
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		if reason := g.refusal(service, ingress.IP); reason != "" {
			change(reason + ": choose another port")
			given := &left.Status.LoadBalancer
			given.Ingress = slices.DeleteFunc(given.Ingress, func(each corev1.LoadBalancerIngress) bool { return each.IP == ingress.IP })
		}
	}
	for i, port := range service.Spec.Ports {
		if owner := ports.SocketOwner(g.ports, port.Protocol, port.NodePort); port.NodePort != 0 && owner != "" {
			change(fmt.Sprintf("node port %d/%s belongs to %s: choose another", port.NodePort, port.Protocol, owner))
			left.Spec.Ports[i].NodePort = 0
		}
	}
	return left, why
}

// refusal says why the Service can't have the address, or "".
func (g *serviceGuard) refusal(service *corev1.Service, text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil { // a name, or nothing: kube-proxy has no use for it either
		return ""
	}
	for _, port := range service.Spec.Ports {
		owner := ports.OwnerAt(g.ports, address, port.Protocol, port.Port)
		if owner != "" && g.isEngines(address, port) {
			return fmt.Sprintf("port %d/%s at %s belongs to %s", port.Port, port.Protocol, address, owner)
		}
	}
	return ""
}

// isEngines: what the engine has at each address of the node isn't its own at addresses that are none of the node's.
func (g *serviceGuard) isEngines(address netip.Addr, port corev1.ServicePort) bool {
	everywhere := ports.OwnerAt(g.ports, netip.IPv4Unspecified(), port.Protocol, port.Port) != ""
	return !everywhere || g.isOfNode(address)
}

func isOfNode(address netip.Addr) bool {
	if address.IsLoopback() {
		return true
	}
	all, err := net.InterfaceAddrs()
	return err != nil || slices.ContainsFunc(all, func(each net.Addr) bool {
		prefix, err := netip.ParsePrefix(each.String())
		return err == nil && prefix.Addr().Unmap() == address.Unmap()
	})
}
