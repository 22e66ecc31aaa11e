package datastore

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/utils/ptr"
)

// firstFree is behind the API server's address, the first, and cluster DNS's, the tenth.
const firstFree = 11

// serviceMove decides on Services' new addresses. Pure.
type serviceMove struct{ networks []*networkMove } // IPv4's, and IPv6's where there is to be one

// networkMove counts addresses from the beginning of their network, which ends within 32 bits.
type networkMove struct {
	base uint32 // the last bits of the network of before
	to   netip.Prefix
	used map[uint32]bool // of the new network
}

func newServiceMove(first netip.Addr, noted []string, to []netip.Prefix) *serviceMove {
	m := &serviceMove{}
	for i, network := range to {
		move := &networkMove{to: network, used: map[uint32]bool{}}
		if i == 0 {
			move.base = number(first) - 1
		} else if len(noted) > i {
			if before, err := netip.ParsePrefix(noted[i]); err == nil {
				move.base = number(before.Addr())
			}
		}
		m.networks = append(m.networks, move)
	}
	return m
}

// of is nil for what is no address ("None"), or one of a family that there is no more.
func (m *serviceMove) of(text string) (*networkMove, netip.Addr) {
	address, err := netip.ParseAddr(text)
	if err == nil {
		for _, each := range m.networks {
			if each.to.Addr().Is6() == address.Is6() {
				return each, address
			}
		}
	}
	return nil, address
}

// note changes nothing.
func (m *serviceMove) note(service *corev1.Service) bool {
	for _, text := range service.Spec.ClusterIPs {
		if network, address := m.of(text); network != nil {
			if place, fits := network.fits(address); fits {
				network.used[place] = true
			}
		}
	}
	return false
}

func (m *serviceMove) move(service *corev1.Service) bool {
	before := service.Spec.DeepCopy()
	if len(m.networks) == 1 {
		m.leaveIPv6(&service.Spec)
	}
	for i, text := range service.Spec.ClusterIPs {
		if network, address := m.of(text); network != nil && !network.to.Contains(address) {
			service.Spec.ClusterIPs[i] = network.take(address).String()
		}
	}
	if len(service.Spec.ClusterIPs) > 0 {
		service.Spec.ClusterIP = service.Spec.ClusterIPs[0]
	}
	return !equality.Semantic.DeepEqual(*before, service.Spec)
}

// leaveIPv6 gives a Service that has only IPv6 an address of IPv4. One without a selector and without addresses may have endpoints of
// any kind.
func (m *serviceMove) leaveIPv6(spec *corev1.ServiceSpec) {
	if !slices.Contains(spec.IPFamilies, corev1.IPv6Protocol) || spec.ClusterIP == corev1.ClusterIPNone && len(spec.Selector) == 0 {
		return
	}
	isIPv6 := func(text string) bool { return strings.Contains(text, ":") }
	kept := slices.DeleteFunc(slices.Clone(spec.ClusterIPs), isIPv6)
	if len(kept) == 0 {
		kept = []string{m.networks[0].take(netip.Addr{}).String()}
	}
	spec.ClusterIPs, spec.IPFamilies = kept, []corev1.IPFamily{corev1.IPv4Protocol}
	if spec.IPFamilyPolicy == nil || *spec.IPFamilyPolicy == corev1.IPFamilyPolicyRequireDualStack {
		spec.IPFamilyPolicy = ptr.To(corev1.IPFamilyPolicySingleStack)
	}
}

func (m *networkMove) size() uint32 { return 1 << (m.to.Addr().BitLen() - m.to.Bits()) }

// fits says where an address of before would be in the new network, and whether there is such a place.
func (m *networkMove) fits(address netip.Addr) (place uint32, fits bool) {
	if m.to.Contains(address) {
		return number(address) - number(m.to.Addr()), true
	}
	if !address.IsValid() {
		return 0, false
	}
	place = number(address) - m.base
	return place, place > 0 && place < m.size()-1
}

// take is the address in the new network. When that is full it stays as it is: the API server says of it that it is in no network.
func (m *networkMove) take(address netip.Addr) netip.Addr {
	place, fits := m.fits(address)
	for next := uint32(firstFree); !fits; next++ {
		if next >= m.size()-1 {
			return address
		}
		place, fits = next, !m.used[next]
	}
	m.used[place] = true
	bytes := m.to.Addr().AsSlice()
	low := bytes[len(bytes)-4:]
	binary.BigEndian.PutUint32(low, binary.BigEndian.Uint32(low)+place)
	moved, _ := netip.AddrFromSlice(bytes)
	return moved
}

func number(address netip.Addr) uint32 {
	bytes := address.AsSlice()
	return binary.BigEndian.Uint32(bytes[len(bytes)-4:])
}
