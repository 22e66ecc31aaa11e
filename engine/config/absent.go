package config

import "strconv"

// absentSettings are upstream's: its tools and people's scripts write them, mostly as they are by default.
var absentSettings = []setting{
	absent("api.enabled", "", "false", "this engine's configuration is its file only"),
	absent("api.socketPath", "", "", "this engine's configuration is its file only"),
	absent("d2k.enabled", "d2k", "false", "this engine has no Docker API"),
	absent("d2k.namespace", "d2k-namespace", "d2k", "this engine has no Docker API"),
	absent("logging.pprof", "pprof-server", "false", "this engine serves no profiles"),
	absent("runtime.endpoint", "container-runtime-endpoint", "", "this engine always runs its own containerd"),
	absent("runtime.containerMode", "container-mode", "false", "this engine does not run in a container"),
	absent("kubernetes.kubelet.external", "", "false", "this engine always runs its own kubelet"),
	secretly(absent("kubernetes.bootstrapToken", "", "", "this node joins no other cluster")),
	absent("kubernetes.bootstrapKubeconfig", "", "", "this node joins no other cluster"),
	listed(absent("storage.etcd.endpoints", "", "", "this engine always has its own database")),
	absent("storage.etcd.caFile", "", "", "this engine always has its own database"),
	absent("storage.etcd.certFile", "", "", "this engine always has its own database"),
	absent("storage.etcd.keyFile", "", "", "this engine always has its own database"),
	absent("", "wasm", "false", "this engine runs no WebAssembly"),
	// It does nothing there, either.
	{flag: "full", field: truth(func(*Config) *bool { return new(bool) })},
}

// absent is a setting of upstream's that this engine has nothing for. Its built-in value may be written
// down, as upstream's own tools do; any other is refused.
func absent(key, flag, fallback, why string) setting {
	result := setting{key: key, flag: flag, fallback: fallback, right: "to leave it out: " + why}
	result.field.set = func(_ *Config, text string) string {
		if text != fallback {
			return text
		}
		return ""
	}
	if fallback == "false" {
		result.field.shape = boolean
		result.field.set = func(_ *Config, text string) string {
			if value, err := strconv.ParseBool(text); err != nil || value {
				return text
			}
			return ""
		}
	}
	return result
}

func secretly(s setting) setting {
	s.secret = true
	return s
}

func listed(s setting) setting {
	s.field.shape = list
	return s
}
