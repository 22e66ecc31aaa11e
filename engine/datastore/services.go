package datastore

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/k3s-io/kine/pkg/server"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

const (
	servicePrefix     = "/registry/services/specs/"
	kubernetesService = servicePrefix + "default/kubernetes"
	serviceNetwork    = "/registry/servicecidrs/kubernetes"
	serviceAddresses  = "/registry/ipaddresses/"
)

// MoveServices gives all Services addresses in other networks, one or two, each as far from its network's beginning as before where that
// fits, and leaves them none of a family that there is no more. Through the API that can't be done, for a Service keeps its address; so
// it is done before there is an API server, which then makes its own notes of who has which address anew. The Service of the API server
// comes after all others, and the note of the networks last: cut short, it is done again.
func MoveServices(ctx context.Context, backend server.Backend, to []netip.Prefix) (moved int, err error) {
	first, noted, err := readNetworks(ctx, backend)
	if err != nil || !first.IsValid() || first == to[0].Addr().Next() && (noted == nil || slices.Equal(noted, texts(to))) {
		return 0, err
	}
	m := newServiceMove(first, noted, to)
	for _, act := range []func(*corev1.Service) bool{m.note, m.move} {
		changed, err := changeAll(ctx, backend, servicePrefix, func(object runtime.Object) bool {
			service, isService := object.(*corev1.Service)
			isLast := isService && service.Namespace == "default" && service.Name == "kubernetes"
			return isService && !isLast && act(service)
		})
		moved += changed
		if err != nil {
			return moved, fmt.Errorf("cannot move the Services to %s: %w", to, err)
		}
	}
	if err := moveLast(ctx, backend, to[0].Addr().Next()); err != nil {
		return moved, fmt.Errorf("cannot move the API server's Service to %s: %w", to[0], err)
	}
	if err := removeAll(ctx, backend, serviceAddresses); err != nil {
		return moved, err
	}
	return moved, remove(ctx, backend, serviceNetwork)
}

// readNetworks are those of before: the API server's address, the first of IPv4 (invalid: there is none yet), and the note.
func readNetworks(ctx context.Context, backend server.Backend) (first netip.Addr, noted []string, err error) {
	_, present, err := backend.Get(ctx, kubernetesService, 0, false)
	if err != nil || present == nil {
		return netip.Addr{}, nil, err
	}
	if object, err := decode(present.Value); err == nil {
		if service, isService := object.(*corev1.Service); isService {
			first, _ = netip.ParseAddr(service.Spec.ClusterIP)
		}
	}
	if !first.Is4() {
		return netip.Addr{}, nil, nil
	}
	_, note, err := backend.Get(ctx, serviceNetwork, 0, false)
	if err != nil || note == nil {
		return first, nil, err
	}
	if object, err := decode(note.Value); err == nil {
		if network, isNetwork := object.(*networkingv1.ServiceCIDR); isNetwork {
			noted = network.Spec.CIDRs
		}
	}
	return first, noted, nil
}

func texts(networks []netip.Prefix) (result []string) {
	for _, each := range networks {
		result = append(result, each.String())
	}
	return result
}

func moveLast(ctx context.Context, backend server.Backend, address netip.Addr) error {
	_, present, err := backend.Get(ctx, kubernetesService, 0, false)
	if err != nil || present == nil {
		return err
	}
	object, err := decode(present.Value)
	service, isService := object.(*corev1.Service)
	if err != nil || !isService {
		return err
	}
	service.Spec.ClusterIP, service.Spec.ClusterIPs = address.String(), []string{address.String()}
	return update(ctx, backend, present, service)
}
