package components

import (
	"context"
	"time"
	_ "unsafe" // for go:linkname

	_ "k8s.io/kubernetes/pkg/volume/csi" // owns csiNode
	"k8s.io/kubernetes/pkg/volume/csi/nodeinfomanager"
)

// csiNode is what the CSI volume plugin knows of the node: a package variable, set by whoever initializes
// the plugin, and used by the kubelet. In one process there are two who do: the kubelet, and the
// attach-detach controller, which has no node name. The last one wins. When that was the controller, the
// kubelet could not write its CSINode object, stayed NotReady, and ended the process after 140 s.
//
//go:linkname csiNode k8s.io/kubernetes/pkg/volume/csi.nim
var csiNode nodeinfomanager.Interface

// waitForControllersCSI returns once the controllers have initialized the plugin: the kubelet comes last.
func waitForControllersCSI(ctx context.Context) error {
	for csiNode == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}
