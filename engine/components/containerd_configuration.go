package components

import (
	srvconfig "github.com/containerd/containerd/v2/cmd/containerd/server/config"
	"github.com/containerd/containerd/v2/version"

	"kubesolo-os/engine/config"
)

const (
	ttrpcSocket     = config.ContainerdSocket + ".ttrpc"
	containerdState = config.RunDirectory + "/containerd"
)

// containerdConfiguration is what would be in /etc/containerd/config.toml.
func containerdConfiguration(c config.Config) *srvconfig.Config {
	type table = map[string]any
	runc := table{
		"runtime_type": "io.containerd.runc.v2",
		"runtime_path": c.Program("containerd-shim-runc-v2"),
		"options":      table{"BinaryName": c.Program("runc"), "SystemdCgroup": false},
	}
	return &srvconfig.Config{
		Version:         version.ConfigVersion,
		Root:            c.ContainerdRoot(),
		State:           containerdState,
		RequiredPlugins: []string{"io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.overlayfs"},
		Plugins: map[string]any{
			"io.containerd.server.v1.grpc":  table{"address": config.ContainerdSocket},
			"io.containerd.server.v1.ttrpc": table{"address": ttrpcSocket},
			// Else a power cut soon afterwards empties files of an image that counts as unpacked.
			"io.containerd.service.v1.diff-service": table{"sync_fs": true},
			// Who can reach its socket is root in all but name: people turn it on. Its plugins come as pods, none from a folder.
			nriPlugin: table{"disable": true, "socket_path": config.NRISocket, "plugin_path": config.RunDirectory + "/no-nri-plugins"},
			imagesPlugin: table{
				"snapshotter":   "overlayfs",
				"pinned_images": table{"sandbox": config.PauseImage},
				// An image is kept unpacked; its packed layers would be as big again.
				"discard_unpacked_layers": true,
				"use_local_image_pull":    true, // the other way of pulling can't discard them
				// HOST/hosts.toml: where and how images of that registry are pulled.
				"registry": table{"config_path": config.RegistryHosts},
			},
			runtimePlugin: table{
				// No container is better protected than the engine itself (-999, by the kubelet):
				// nothing changes on the device, and pods start where that right is missing.
				"restrict_oom_score_adj": true,
				// Else each second every shim is asked for its pod's use, so that nobody who asks later has to wait for a rate.
				// The kubelet makes its own (cAdvisor); whoever asks gets a fresh one.
				"stats_collect_period": "24h",
				"cni": table{
					"bin_dirs": pluginFolders(c),
					"conf_dir": config.PodNetworkFolder,
					// One program less to start for each pod.
					"use_internal_loopback": true,
				},
				"containerd": table{
					"default_runtime_name": ownRuntime,
					"runtimes":             table{ownRuntime: runc},
				},
			},
		},
	}
}
