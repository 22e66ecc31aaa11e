package datastore

import (
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestMoveServices(t *testing.T) {
	const before = "default/kubernetes=10.43.0.1 kube-system/kube-dns=10.43.0.10 shop/far=10.43.200.9 shop/headless=None shop/name= shop/web=10.43.0.77"
	for what, test := range map[string]struct{ to, before, want string }{
		"to another network": {"172.30.0.0/16", before,
			"default/kubernetes=172.30.0.1 kube-system/kube-dns=172.30.0.10 shop/far=172.30.200.9 shop/headless=None shop/name= shop/web=172.30.0.77"},
		"to a smaller one, where not all fit": {"172.30.0.0/24", before,
			"default/kubernetes=172.30.0.1 kube-system/kube-dns=172.30.0.10 shop/far=172.30.0.11 shop/headless=None shop/name= shop/web=172.30.0.77"},
		"to its own": {"10.43.0.0/16", before, before},
		"the power went in the middle": {"172.30.0.0/24",
			"default/kubernetes=10.43.0.1 kube-system/kube-dns=172.30.0.10 shop/far=172.30.0.11 shop/web=10.43.0.77",
			"default/kubernetes=172.30.0.1 kube-system/kube-dns=172.30.0.10 shop/far=172.30.0.11 shop/web=172.30.0.77"},
		"to another network, with IPv6": {"172.30.0.0/16,fd30::/112", before + " shop/two=10.43.0.78,fd43::78",
			"default/kubernetes=172.30.0.1 kube-system/kube-dns=172.30.0.10 shop/far=172.30.200.9 shop/headless=None shop/name= shop/two=172.30.0.78,fd30::78 shop/web=172.30.0.77"},
		"IPv6 comes": {"10.43.0.0/16,fd43::/112", "default/kubernetes=10.43.0.1 shop/web=10.43.0.77", "default/kubernetes=10.43.0.1 shop/web=10.43.0.77"},
		"IPv6 goes": {"10.43.0.0/16", "default/kubernetes=10.43.0.1 shop/first=fd43::9,10.43.0.12 shop/only=fd43::78 shop/two=10.43.0.11,fd43::9",
			"default/kubernetes=10.43.0.1 shop/first=10.43.0.12 shop/only=10.43.0.13 shop/two=10.43.0.11"},
		"to a smaller IPv6, where not all fit": {"10.43.0.0/16,fd43::/120", "default/kubernetes=10.43.0.1 shop/far=fd43::2:9,10.43.0.12 shop/near=fd43::11",
			"default/kubernetes=10.43.0.1 shop/far=fd43::b,10.43.0.12 shop/near=fd43::11"},
		"of a cluster that has none yet": {"172.30.0.0/24", "", ""},
	} {
		t.Run(what, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "state.db")
			backend := logstructured.New(newLog(t, file, "", func(tables server.Dialect) server.Dialect { return tables }))
			if err := backend.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, each := range strings.Fields(test.before) {
				key, texts, _ := strings.Cut(each, "=")
				namespace, name, _ := strings.Cut(key, "/")
				addresses := strings.Split(texts, ",")
				service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
					Spec: corev1.ServiceSpec{ClusterIP: addresses[0], ClusterIPs: addresses, IPFamilies: familiesOf(addresses)}}
				if _, err := backend.Create(t.Context(), servicePrefix+key, stored(t, service), 0); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Contains(test.before, "fd43:") {
				note := `{"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": {"name": "kubernetes"}, "spec": {"cidrs": ["10.43.0.0/16", "fd43::/112"]}}`
				if _, err := backend.Create(t.Context(), serviceNetwork, []byte(note), 0); err != nil {
					t.Fatal(err)
				}
			}
			var to []netip.Prefix
			for each := range strings.SplitSeq(test.to, ",") {
				to = append(to, netip.MustParsePrefix(each))
			}
			for range 2 {
				if _, err := MoveServices(t.Context(), backend, to); err != nil {
					t.Fatal(err)
				}
			}
			_, found, err := backend.List(t.Context(), servicePrefix, servicePrefix[:len(servicePrefix)-1]+"0", 0, 0, false)
			if err != nil {
				t.Fatal(err)
			}
			var after []string
			for _, each := range found {
				object, err := decode(each.Value)
				if err != nil {
					t.Fatal(err)
				}
				service := object.(*corev1.Service)
				if service.Spec.ClusterIPs[0] != service.Spec.ClusterIP {
					t.Errorf("%s: %v", each.Key, service.Spec)
				}
				if families := familiesOf(service.Spec.ClusterIPs); !slices.Equal(families, service.Spec.IPFamilies) {
					t.Errorf("%s has the families %v", each.Key, service.Spec.IPFamilies)
				}
				after = append(after, service.Namespace+"/"+service.Name+"="+strings.Join(service.Spec.ClusterIPs, ","))
			}
			if got := strings.Join(after, " "); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func familiesOf(addresses []string) (families []corev1.IPFamily) {
	for _, each := range addresses {
		family := corev1.IPv4Protocol
		if strings.Contains(each, ":") {
			family = corev1.IPv6Protocol
		}
		families = append(families, family)
	}
	return families
}
