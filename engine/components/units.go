package components

import (
	"fmt"

	"k8s.io/client-go/rest"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
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
)

// Units is the whole engine, in the order in which it starts.
func Units(c config.Config) ([]lifecycle.Unit, error) {
	// The components talk to their own API server; its warnings are for people.
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	admin, err := adminClient(c)
	if err != nil {
		return nil, fmt.Errorf("cannot make a client of the API server: %w", err)
	}
	store := &storage{}
	return []lifecycle.Unit{
		kineUnit(c, store),
		containerdUnit(c),
		preloadUnit(c),
		apiserverUnit(c, store, admin),
		accessUnit(c, admin),
		controllersUnit(c),
		accountsUnit(admin),
		schedulerUnit(c),
		proxyUnit(c),
		kubeletUnit(c, admin),
	}, nil
}
