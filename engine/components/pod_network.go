package components

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"

	"kubesolo-os/engine/cni"
	"kubesolo-os/engine/config"
	"kubesolo-os/engine/durable"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/ports"
)

// podAddresses is where host-local notes which pod has which address. Not on the data partition: after
// a reboot no pod has one.
const podAddresses = config.RunDirectory + "/pod-addresses"

// Of the engine's network.
const (
	ownNetwork     = "kubesolo"
	ownNetworkFile = "10-kubesolo.conflist"
)

// podNetwork is one bridge; ports of the node are mapped to pods by nftables. For the pods' way out see applyMasquerade.
func podNetwork(mtu int, networks []netip.Prefix, all []ports.Port) any {
	type table = map[string]any
	var ranges [][]table
	var routes []table
	portmap := table{"type": config.OwnPlugin + "portmap", "backend": "nftables", "capabilities": table{"portMappings": true}}
	for _, network := range networks {
		family, everywhere := ipv4, "0.0.0.0/0"
		if network.Addr().Is6() {
			family, everywhere = ipv6, "::/0"
		}
		ranges = append(ranges, []table{{"subnet": network.String()}})
		routes = append(routes, table{"dst": everywhere})
		portmap[family.conditions] = hostPortConditions(all, family)
	}
	return table{
		"cniVersion": "1.0.0",
		"name":       ownNetwork,
		"plugins": []table{
			{
				"type": config.OwnPlugin + "bridge", "bridge": node.PodBridge,
				"isGateway": true, "hairpinMode": true, "mtu": mtu,
				"ipam": table{
					"type":    config.OwnPlugin + "host-local",
					"dataDir": podAddresses,
					"ranges":  ranges,
					"routes":  routes,
				},
			},
			portmap,
		},
	}
}

// EnsurePodNetwork makes what is to be there before the first pod: the bridge, and the node's own way to Services.
func EnsurePodNetwork(c config.Config) error {
	var gateways []netip.Prefix
	for _, network := range c.NodePodNetworks() {
		gateways = append(gateways, netip.PrefixFrom(network.Addr().Next(), network.Bits()))
	}
	if err := node.EnsurePodBridge(gateways, c.MTU); err != nil {
		return err
	}
	for i, services := range c.ServiceNetworks() {
		if err := node.EnsureServiceRoute(services, c.NodeIPs()[i]); err != nil {
			return err
		}
	}
	return nil
}

// pluginFolders are searched in this order.
func pluginFolders(c config.Config) []string { return []string{config.CNIPlugins, c.CNIPrograms()} }

func networkFollower(c config.Config, told *leftOut) *cni.Follower {
	return &cni.Follower{
		Folder:  config.CNIConfiguration,
		Plugins: pluginFolders(c),
		Target:  filepath.Join(config.PodNetworkFolder, "pods.conflist"),
		OwnFile: ownNetworkFile,
		Tell:    func(format string, args ...any) { logs.Line(containerd, format, args...) },
		LeftOut: func(why string) { told.tell(containerd, config.CNIConfiguration, why) },
	}
}

// writePodNetwork leaves the engine's network among those of other people, for them to see and to add to.
func writePodNetwork(c config.Config, networks *cni.Follower) error {
	mtu := c.MTU
	if mtu == 0 {
		mtu = node.MTU(c.NodeIP)
	}
	text, err := json.MarshalIndent(podNetwork(mtu, c.NodePodNetworks(), ports.Of(c)), "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(config.PodNetworkFolder, 0o755); err != nil {
		return err
	}
	if err := os.MkdirAll(config.CNIPlugins, 0o755); err != nil {
		logs.Line(containerd, "no CNI plugins can be installed: %v", err)
	}
	networks.Own = append(text, '\n')
	if err := showNetwork(networks.Own); err != nil {
		logs.Line(containerd, "%s doesn't show the pods' network: %v", config.CNIConfiguration, err)
	}
	return networks.Settle()
}

func showNetwork(text []byte) error {
	if err := os.MkdirAll(config.CNIConfiguration, 0o755); err != nil {
		return err
	}
	return durable.Replace(filepath.Join(config.CNIConfiguration, ownNetworkFile), text, 0o644)
}
