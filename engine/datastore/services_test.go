package datastore

import (
	"net/netip"
	"path/filepath"
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
		"of a cluster that has none yet": {"172.30.0.0/24", "", ""},
	} {
		t.Run(what, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "state.db")
			backend := logstructured.New(newLog(t, file, "", func(tables server.Dialect) server.Dialect { return tables }))
			if err := backend.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, each := range strings.Fields(test.before) {
				key, address, _ := strings.Cut(each, "=")
				namespace, name, _ := strings.Cut(key, "/")
				service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
					Spec: corev1.ServiceSpec{ClusterIP: address, ClusterIPs: []string{address}}}
				if _, err := backend.Create(t.Context(), servicePrefix+key, stored(t, service), 0); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				if _, err := MoveServices(t.Context(), backend, netip.MustParsePrefix(test.to)); err != nil {
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
				after = append(after, service.Namespace+"/"+service.Name+"="+service.Spec.ClusterIP)
			}
			if got := strings.Join(after, " "); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}
