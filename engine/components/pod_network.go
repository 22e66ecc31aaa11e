package components

import (
	"encoding/json"
	"os"
	"path/filepath"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/node"
)

// podAddresses is where host-local notes which pod has which address. Not on the data partition: after
// a reboot no pod has one.
const podAddresses = config.RunDirectory + "/pod-addresses"

// podNetwork is one bridge; pods reach the outside through the node's address, and ports of the node
// are mapped to pods, both by nftables.
func podNetwork() any {
	type table = map[string]any
	return table{
		"cniVersion": "1.0.0",
		"name":       "kubesolo",
		"plugins": []table{
			{
				"type": "bridge", "bridge": node.PodBridge,
				"isGateway": true, "hairpinMode": true,
				"ipMasq": true, "ipMasqBackend": "nftables",
				"ipam": table{
					"type":    "host-local",
					"dataDir": podAddresses,
					"ranges":  [][]table{{{"subnet": config.NodePodNetwork}}},
					"routes":  []table{{"dst": "0.0.0.0/0"}},
				},
			},
			{"type": "portmap", "backend": "nftables", "capabilities": table{"portMappings": true}},
		},
	}
}

func writePodNetwork() error {
	text, err := json.MarshalIndent(podNetwork(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(config.CNIConfiguration, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(config.CNIConfiguration, "10-kubesolo.conflist"), append(text, '\n'), 0o644)
}
