package components

import (
	"fmt"
	"time"

	"k8s.io/client-go/rest"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/preflight"
	"kubesolo-os/engine/quarantine"
	"kubesolo-os/engine/usage"
)

// Names of the units, for those that come after them.
const (
	kine        = "kine"
	apiserver   = "apiserver"
	containerd  = "containerd"
	preload     = "images"
	access      = "access"
	controllers = "controllers"
	accounts    = "accounts"
	scheduler   = "scheduler"
	kubelet     = "kubelet"
	proxy       = "proxy"
	clusterDNS  = "dns"
	policies    = "policies"
	renewal     = "certificates"
	address     = "address"
	overlap     = "network"
	pods        = "pods"

	portainerAgent = "portainer"

	rules = "rules"

	localStorage = "storage"
	loadBalancer = "loadbalancer"
)

// Units is the whole engine, in the order in which it starts. followAddress: the node's address was
// found, not given, and another one may be found later. closing says whether a stop is the machine's. ended: containers
// whose pods are to be told.
func Units(c config.Config, followAddress bool, closing *Closing, ended []preflight.Ended, ledger *quarantine.Ledger) ([]lifecycle.Unit, error) {
	// The components talk to their own API server; its warnings are for people.
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	admin, err := adminClient(c)
	if err != nil {
		return nil, fmt.Errorf("cannot make a client of the API server: %w", err)
	}
	store, told := &bridge{}, &leftOut{}
	shared := newSharedInformers(admin)
	enforcer := policyController(c, admin)
	proxier := &guardedProxier{}
	figures := usage.NewFigures(admin, c.NodeName)
	units := []lifecycle.Unit{
		kineUnit(c, store),
		containerdUnit(c, ledger, told),
		preloadUnit(c, ledger),
		apiserverUnit(c, store, admin, figures),
		accessUnit(c, admin),
		controllersUnit(c),
		accountsUnit(admin),
		schedulerUnit(c),
		localStorageUnit(c, admin, shared),
		loadBalancerUnit(c, admin, shared),
		proxyUnit(c, admin, proxier),
		dnsUnit(c, admin),
		policiesUnit(enforcer),
		rulesUnit(guardedTables(c, enforcer, proxier)),
		kubeletUnit(kubeletParts{c, admin, enforcer, closing, ended, ledger, told, figures}),
		podsUnit(c, admin, closing),
		overlapUnit(c, admin),
		renewalUnit(c, time.Now()),
		portainerUnit(c, admin),
	}
	if followAddress {
		units = append(units, addressUnit(c))
	}
	return units, nil
}
