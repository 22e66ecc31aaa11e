package datastore

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"

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

// firstFree is behind the API server's address, the first, and cluster DNS's, the tenth.
const firstFree = 11

// MoveServices gives all Services addresses in another network, each as far from its beginning as before where that
// fits. Through the API that can't be done, for a Service keeps its address; so it is done before there is an API
// server, which then makes its own notes of who has which address anew. The Service of the API server comes after all
// others, and the note of the network last: cut short, it is done again.
func MoveServices(ctx context.Context, backend server.Backend, to netip.Prefix) (moved int, err error) {
	first, err := firstAddress(ctx, backend, to)
	if err != nil || !first.IsValid() {
		return 0, err
	}
	m := &serviceMove{base: number(first) - 1, to: to, used: map[uint32]bool{}}
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
	if err := m.moveLast(ctx, backend); err != nil {
		return moved, fmt.Errorf("cannot move the API server's Service to %s: %w", to, err)
	}
	if err := removeAll(ctx, backend, serviceAddresses); err != nil {
		return moved, err
	}
	return moved, remove(ctx, backend, serviceNetwork)
}

// firstAddress is the API server's in the network of before; invalid when there is no other network than this one.
func firstAddress(ctx context.Context, backend server.Backend, to netip.Prefix) (netip.Addr, error) {
	_, present, err := backend.Get(ctx, kubernetesService, 0, false)
	if err != nil || present == nil {
		return netip.Addr{}, err
	}
	object, err := decode(present.Value)
	service, isService := object.(*corev1.Service)
	if err != nil || !isService {
		return netip.Addr{}, nil
	}
	address, err := netip.ParseAddr(service.Spec.ClusterIP)
	if err != nil || !address.Is4() {
		return netip.Addr{}, nil
	}
	_, note, err := backend.Get(ctx, serviceNetwork, 0, false)
	if err != nil {
		return netip.Addr{}, err
	}
	same := address == to.Addr().Next()
	if note != nil {
		if object, err := decode(note.Value); err == nil {
			network, isNetwork := object.(*networkingv1.ServiceCIDR)
			same = same && isNetwork && len(network.Spec.CIDRs) == 1 && network.Spec.CIDRs[0] == to.String()
		}
	}
	if same {
		return netip.Addr{}, nil
	}
	return address, nil
}

type serviceMove struct {
	base uint32 // where the network of before began
	to   netip.Prefix
	used map[uint32]bool // addresses of the new network, counted from its beginning
}

func (m *serviceMove) size() uint32 { return 1 << (32 - m.to.Bits()) }

// fits says where the Service would be in the new network, and whether there is such a place.
func (m *serviceMove) fits(address netip.Addr) (place uint32, fits bool) {
	if m.to.Contains(address) {
		return number(address) - number(m.to.Addr()), true
	}
	place = number(address) - m.base
	return place, place > 0 && place < m.size()-1
}

// note changes nothing.
func (m *serviceMove) note(service *corev1.Service) bool {
	if address, err := netip.ParseAddr(service.Spec.ClusterIP); err == nil && address.Is4() {
		if place, fits := m.fits(address); fits {
			m.used[place] = true
		}
	}
	return false
}

func (m *serviceMove) move(service *corev1.Service) bool {
	address, err := netip.ParseAddr(service.Spec.ClusterIP)
	if err != nil || !address.Is4() || m.to.Contains(address) { // "None", or it has one already
		return false
	}
	place, fits := m.fits(address)
	if !fits {
		place = m.free()
	}
	if place == 0 { // the API server says of it that its address is in no network
		return false
	}
	m.used[place] = true
	setAddress(service, at(m.to, place))
	return true
}

func (m *serviceMove) free() uint32 {
	for place := uint32(firstFree); place < m.size()-1; place++ {
		if !m.used[place] {
			return place
		}
	}
	return 0
}

func (m *serviceMove) moveLast(ctx context.Context, backend server.Backend) error {
	_, present, err := backend.Get(ctx, kubernetesService, 0, false)
	if err != nil || present == nil {
		return err
	}
	object, err := decode(present.Value)
	service, isService := object.(*corev1.Service)
	if err != nil || !isService {
		return err
	}
	setAddress(service, m.to.Addr().Next())
	return update(ctx, backend, present, service)
}

func setAddress(service *corev1.Service, address netip.Addr) {
	for i, each := range service.Spec.ClusterIPs {
		if each == service.Spec.ClusterIP {
			service.Spec.ClusterIPs[i] = address.String()
		}
	}
	service.Spec.ClusterIP = address.String()
}

func number(address netip.Addr) uint32 {
	bytes := address.As4()
	return binary.BigEndian.Uint32(bytes[:])
}

func at(network netip.Prefix, place uint32) netip.Addr {
	var bytes [4]byte
	binary.BigEndian.PutUint32(bytes[:], number(network.Addr())+place)
	return netip.AddrFrom4(bytes)
}
