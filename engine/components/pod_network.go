package components

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/ports"
)

// podAddresses is where host-local notes which pod has which address. Not on the data partition: after
// a reboot no pod has one.
const podAddresses = config.RunDirectory + "/pod-addresses"

// podNetwork is one bridge; ports of the node are mapped to pods by nftables. For the pods' way out see applyMasquerade.
func podNetwork(mtu int, addresses netip.Prefix, conditions []string) any {
	type table = map[string]any
	return table{
		"cniVersion": "1.0.0",
		"name":       "kubesolo",
		"plugins": []table{
			{
				"type": "bridge", "bridge": node.PodBridge,
				"isGateway": true, "hairpinMode": true, "mtu": mtu,
				"ipam": table{
					"type":    "host-local",
					"dataDir": podAddresses,
					"ranges":  [][]table{{{"subnet": addresses.String()}}},
					"routes":  []table{{"dst": "0.0.0.0/0"}},
				},
			},
			{
				"type": "portmap", "backend": "nftables", "capabilities": table{"portMappings": true},
				"conditionsV4": conditions,
			},
		},
	}
}

// EnsurePodNetwork makes what is to be there before the first pod: the bridge, and the node's own way to Services.
func EnsurePodNetwork(c config.Config) error {
	gateway := netip.PrefixFrom(c.PodGateway(), c.NodePodNetwork().Bits())
	if err := node.EnsurePodBridge(gateway, c.MTU); err != nil {
		return err
	}
	return node.EnsureServiceRoute(c.ServiceNetwork, c.NodeIP)
}

func writePodNetwork(c config.Config) error {
	mtu := c.MTU
	if mtu == 0 {
		mtu = node.MTU(c.NodeIP)
	}
	text, err := json.MarshalIndent(podNetwork(mtu, c.NodePodNetwork(), hostPortConditions(ports.Of(c))), "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(config.CNIConfiguration, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(config.CNIConfiguration, "10-kubesolo.conflist"), append(text, '\n'), 0o644)
}
