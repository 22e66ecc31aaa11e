package node

import (
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// EnsureServiceRoute lets the node itself reach Services where it has no default route. The proxy puts a pod's address
// in a Service's place, but only in packets that have some way to go: without one, the API server reaches no webhook.
// The table is the last that the kernel looks at, so that any other route comes first (ip-rule(8), 32767).
func EnsureServiceRoute(services netip.Prefix, source netip.Addr) error {
	bridge, err := netlink.LinkByName(PodBridge)
	if err != nil {
		return fmt.Errorf("cannot find the network bridge %s: %w", PodBridge, err)
	}
	route := &netlink.Route{
		LinkIndex: bridge.Attrs().Index,
		Table:     unix.RT_TABLE_DEFAULT,
		Dst:       ipNet(services),
		Src:       source.AsSlice(), // the bridge's own would be taken for a pod's
	}
	if services.Addr().Is4() {
		route.Scope = netlink.SCOPE_LINK
	}
	if err := netlink.RouteReplace(route); err != nil {
		return fmt.Errorf("cannot make the route to Services, %s: %w", services, err)
	}
	return nil
}
