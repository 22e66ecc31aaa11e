package logs

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
)

// noise is what components warn of at every start of a healthy node. A line that could ever explain a
// failure doesn't belong here.
var noise = []string{
	// API server: beta versions that are off by default, features that are not configured, and the
	// entry that the last run left (it is there after every stop of a single server).
	"because it has no resources.",
	"The manifest file is empty, ignoring.",
	"Found stale data, removed previous endpoints on kubernetes service",
	"Resetting endpoints for master service",
	"failed to sync with latest state: context canceled",
	// On the first start, until the namespace is made.
	"kube-apiserver-legacy-service-account-token-tracking",
	// Kubelet: what it looks for before the node is registered and the first statistics are there.
	"node is not registered yet",
	"Error getting the current node from lister",
	"Failed to get node when trying to set owner ref to the node lease",
	"failed to get node info: node",
	"container runtime status check may not have completed yet",
	"Image garbage collection failed once. Stats initialization may not have completed yet",
	"no imagefs label for configured runtime",
	"checkpoint is not found",
	"Flexvolume plugin directory",
	// Node ports of 127.0.0.1 are one, see apiserverArguments.
	"component has alpha features enabled in emulated version, this is unsupported: features=[KubeProxyNFTablesLocalhostNodePorts]",
	// kube-proxy, before it has made its table.
	"Failed to list existing sets",
	// API server and kubelet, at the ordinary end of kubectl exec, logs, attach and port-forward.
	"Error on socket receive: read tcp",
	// Controllers that see an object before its last change: they try again at once.
	"is not as new as written version",
	// Kubelet, of a pod that was deleted a moment ago: nobody is allowed to see what isn't there.
	"no relationship found between node",
	// containerd: an option for file systems that ours isn't.
	"failed check for fsverity support",
}

// endings is what components say of each other's end, also when the engine ends because something failed.
var endings = []string{
	"sql: database is closed",
}

var stopping, quiet atomic.Bool

// Stopping says that the engine is being stopped: components complain about each other's end. On an
// ordinary stop they are silenced; after a failure, what they say may be worth reading.
func Stopping(ordinary bool) {
	stopping.Store(true)
	quiet.Store(ordinary)
}

// isOfTheStop: what was under way when somebody asked for the stop didn't fail.
func isOfTheStop(message string) bool {
	return quiet.Load() && strings.Contains(message, context.Canceled.Error())
}

func isNoise(message string) bool {
	if quiet.Load() {
		return true
	}
	isIn := func(text string) bool { return strings.Contains(message, text) }
	return slices.ContainsFunc(noise, isIn) || stopping.Load() && slices.ContainsFunc(endings, isIn)
}
