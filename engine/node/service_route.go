package node

import (
	"errors"
	"fmt"
	"net/netip"
	"os"

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
	} else if err := lookAtLastTable(); err != nil {
		return err
	}
	if err := netlink.RouteReplace(route); err != nil {
		return fmt.Errorf("cannot make the route to Services, %s: %w", services, err)
	}
	return nil
}

// lookAtLastTable has the kernel do for IPv6 what it does for IPv4 by itself.
func lookAtLastTable() error {
	rule := netlink.NewRule()
	rule.Family, rule.Priority, rule.Table = netlink.FAMILY_V6, 32767, unix.RT_TABLE_DEFAULT
	if err := netlink.RuleAdd(rule); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("cannot have IPv6 look at the table of the route to Services: %w", err)
	}
	return nil
}
