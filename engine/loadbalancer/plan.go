package loadbalancer

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/utils/ptr"

	"kubesolo-os/engine/crash"
	"kubesolo-os/engine/ports"
)

// port is one of the node's address, which all Services share.
type port struct {
	protocol corev1.Protocol
	number   int32
}

// node is what a plan needs to know of it.
type node struct {
	addresses []netip.Addr      // where Services answer; none: nowhere, and what was answered is taken back
	engine    []ports.Port      // the engine's own
	listener  func(port) string // the program that listens there, or ""
}

// decision is what one Service's status should be.
type decision struct {
	service *corev1.Service
	ingress []corev1.LoadBalancerIngress
	refusal string // why it gets no address, and what to do; "": it gets one
	mayPass bool   // the reason may end without any Service changing
}

// isAnswered: the Service's own answer is wanted, not that of a load balancer that somebody installed.
func isAnswered(service *corev1.Service) bool {
	return service.Spec.Type == corev1.ServiceTypeLoadBalancer && service.Spec.LoadBalancerClass == nil &&
		service.DeletionTimestamp == nil
}

// plan decides for all Services at once, because no two may have the same port: kube-proxy would give it
// to either. Who has its ports keeps them; of the others, the oldest comes first. Pure.
func plan(services []*corev1.Service, node node) []decision {
	if len(node.addresses) == 0 {
		return planNothing(services)
	}
	candidates := slices.DeleteFunc(slices.Clone(services), func(s *corev1.Service) bool { return !isAnswered(s) })
	slices.SortFunc(candidates, inOrderOfRight)
	owners := map[port]*corev1.Service{}
	var decisions []decision
	for _, service := range candidates {
		d := decideAnyway(service, services, owners, node)
		if d.refusal == "" {
			d.ingress = ingress(service, addressesFor(service, node.addresses))
			for _, each := range portsOf(service) {
				owners[each] = service
			}
		}
		decisions = append(decisions, d)
	}
	return decisions
}

// planNothing takes back what a plan of ours has given, and leaves what others gave. Pure.
func planNothing(services []*corev1.Service) (decisions []decision) {
	for _, service := range services {
		if isAnswered(service) && len(answeredPorts(service)) > 0 {
			decisions = append(decisions, decision{service: service})
		}
	}
	return decisions
}

func inOrderOfRight(a, b *corev1.Service) int {
	if hasItsPorts(a) != hasItsPorts(b) {
		if hasItsPorts(a) {
			return -1
		}
		return 1
	}
	return cmp.Or(
		a.CreationTimestamp.Compare(b.CreationTimestamp.Time),
		cmp.Compare(a.Namespace, b.Namespace),
		cmp.Compare(a.Name, b.Name),
	)
}

// decideAnyway: a Service that can't be handled doesn't keep the others from their addresses.
func decideAnyway(service *corev1.Service, all []*corev1.Service, owners map[port]*corev1.Service, node node) (d decision) {
	err := crash.Catch(func() error {
		d = decide(service, all, owners, node)
		return nil
	})
	if err != nil {
		return decision{service: service, refusal: err.Error()}
	}
	return d
}

func decide(service *corev1.Service, all []*corev1.Service, owners map[port]*corev1.Service, node node) decision {
	d := decision{service: service}
	if len(addressesFor(service, node.addresses)) == 0 {
		d.refusal = fmt.Sprintf("the node has no address of the Service's family, %s, that others reach: give it one, or the Service another family",
			service.Spec.IPFamilies[0])
		return d
	}
	for _, wanted := range portsOf(service) {
		where := fmt.Sprintf("port %d/%s of the node", wanted.number, wanted.protocol)
		if owner := node.engineOwner(wanted); owner != "" {
			d.refusal = fmt.Sprintf("%s belongs to %s: choose another", where, owner)
			return d
		}
		if owner := owners[wanted]; owner != nil {
			d.refusal = fmt.Sprintf("%s belongs to the Service %s/%s: choose another, or delete that one", where, owner.Namespace, owner.Name)
			return d
		}
		if hasItsPorts(service) { // who began to use it since then came later
			continue
		}
		if owner := nodePortOwner(wanted, service, all); owner != nil {
			d.refusal = fmt.Sprintf("%s is the node port of the Service %s/%s: choose another", where, owner.Namespace, owner.Name)
			return d
		}
		if program := node.listener(wanted); program != "" {
			d.refusal = fmt.Sprintf("%s listens on %s: stop it, or choose another port; it is tried again", program, where)
			d.mayPass = true
			return d
		}
	}
	return d
}

// engineOwner is whose of the engine's the port is, at one of the addresses.
func (n node) engineOwner(wanted port) string {
	for _, address := range n.addresses {
		if owner := ports.OwnerAt(n.engine, address, wanted.protocol, wanted.number); owner != "" {
			return owner
		}
	}
	return ""
}

func nodePortOwner(wanted port, service *corev1.Service, all []*corev1.Service) *corev1.Service {
	for _, other := range all {
		if other == service {
			continue
		}
		for _, each := range other.Spec.Ports {
			if each.NodePort != 0 && wanted == (port{each.Protocol, each.NodePort}) {
				return other
			}
		}
	}
	return nil
}

func portsOf(service *corev1.Service) (ports []port) {
	for _, each := range service.Spec.Ports {
		ports = append(ports, port{each.Protocol, each.Port})
	}
	return ports
}

// answeredPorts are those that an earlier plan gave the Service. Pure.
func answeredPorts(service *corev1.Service) (ports []port) {
	if given := service.Status.LoadBalancer.Ingress; len(given) > 0 {
		for _, each := range given[0].Ports {
			ports = append(ports, port{each.Protocol, each.Port})
		}
	}
	return ports
}

func hasItsPorts(service *corev1.Service) bool {
	return slices.Equal(answeredPorts(service), portsOf(service))
}

// addressesFor are those of the Service's families; an API server always says which these are.
func addressesFor(service *corev1.Service, all []netip.Addr) []netip.Addr {
	families := service.Spec.IPFamilies
	return slices.DeleteFunc(slices.Clone(all), func(each netip.Addr) bool {
		family := corev1.IPv4Protocol
		if each.Is6() {
			family = corev1.IPv6Protocol
		}
		return len(families) > 0 && !slices.Contains(families, family)
	})
}

// ingress names the ports, too: so a plan can tell later, also after a restart, who had which.
func ingress(service *corev1.Service, addresses []netip.Addr) (result []corev1.LoadBalancerIngress) {
	var ports []corev1.PortStatus
	for _, each := range service.Spec.Ports {
		ports = append(ports, corev1.PortStatus{Port: each.Port, Protocol: each.Protocol})
	}
	for _, address := range addresses {
		result = append(result, corev1.LoadBalancerIngress{IP: address.String(), IPMode: ptr.To(corev1.LoadBalancerIPModeVIP), Ports: ports})
	}
	return result
}

func (d decision) isDone() bool {
	return equality.Semantic.DeepEqual(d.service.Status.LoadBalancer.Ingress, d.ingress)
}
