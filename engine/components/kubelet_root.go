package components

import (
	"fmt"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
)

// prepareKubeletRoot: the state stays below the path, where an older engine finds it, too; the kubelet has it at its usual root, as
// it hands drivers paths below that. It makes its mounts shared itself.
func prepareKubeletRoot(c config.Config) error {
	hides, err := node.BindKubeletState(c.KubeletState(), config.KubeletRoot)
	if err != nil {
		return fmt.Errorf("cannot prepare the kubelet's root: %w", err)
	}
	if hides {
		logs.Line(kubelet, "what was in %s is behind the mount of %s", config.KubeletRoot, c.KubeletState())
	}
	return nil
}
