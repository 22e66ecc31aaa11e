package components

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/containerd/containerd/api/types/runc/options"
	"github.com/containerd/containerd/v2/plugins"
	"github.com/pelletier/go-toml/v2"
)

const (
	runtimePlugin = "io.containerd.cri.v1.runtime"
	imagesPlugin  = "io.containerd.cri.v1.images"
	nriPlugin     = "io.containerd.nri.v1.nri"

	ownRuntime = "runc"
)

// peoplesSettings are those of containerd that a drop-in may say, by plugin; * is any name. The rest of the engine counts on all others.
var peoplesSettings = map[string][]string{
	runtimePlugin: {
		"containerd.default_runtime_name",
		"containerd.ignore_blockio_not_enabled_errors",
		"containerd.ignore_rdt_not_enabled_errors",
		"containerd.runtimes.*.runtime_type",
		"containerd.runtimes.*.runtime_path",
		"containerd.runtimes.*.options.*",
		"containerd.runtimes.*.pod_annotations",
		"containerd.runtimes.*.container_annotations",
		"containerd.runtimes.*.privileged_without_host_devices",
		"containerd.runtimes.*.privileged_without_host_devices_all_devices_allowed",
		"containerd.runtimes.*.cgroup_writable",
		"containerd.runtimes.*.base_runtime_spec",
		"containerd.runtimes.*.sandboxer",
		"containerd.runtimes.*.io_type",
		"containerd.runtimes.*.disable_pause_image_pull",
		"cdi_spec_dirs",
		"device_ownership_from_security_context",
		"enable_unprivileged_icmp",
		"enable_unprivileged_ports",
		"ignore_image_defined_volumes",
		"max_container_log_line_size",
		"unset_seccomp_profile",
	},
	imagesPlugin: {"concurrent_layer_fetch_buffer", "image_pull_progress_timeout", "max_concurrent_downloads"},
	// Where plugins and its socket are is the engine's to say: what containerd can't read there, it ends the process for.
	nriPlugin: {"disable", "plugin_registration_timeout", "plugin_request_timeout", "default_validator.*"},
}

// checkRuntimeSettings: first what nobody knows, then what isn't people's. Pure.
func checkRuntimeSettings(own tomlTable) error {
	for _, id := range slices.Sorted(maps.Keys(own)) {
		settable, isPeoples := peoplesSettings[id]
		if !isPeoples {
			return fmt.Errorf("plugins.%q is the engine's to say; what can be set: %s", id, strings.Join(slices.Sorted(maps.Keys(peoplesSettings)), ", "))
		}
		if _, err := decodeStrictly(id, own[id]); err != nil {
			return fmt.Errorf("plugins.%q: %w", id, err)
		}
		for _, key := range settingsIn(own[id], nil) {
			if !slices.ContainsFunc(settable, func(pattern string) bool { return fits(strings.Split(pattern, "."), key) }) {
				return fmt.Errorf("plugins.%q: %s is the engine's to say", id, strings.Join(key, "."))
			}
			if len(key) > 2 && key[1] == "runtimes" && key[2] == ownRuntime {
				return fmt.Errorf("the runtime %s is the engine's own: give yours another name", ownRuntime)
			}
		}
	}
	return nil
}

// settingsIn are the paths of all that is no table.
func settingsIn(value any, path []string) (all [][]string) {
	below, isTable := value.(tomlTable)
	if !isTable {
		return [][]string{path}
	}
	for _, key := range slices.Sorted(maps.Keys(below)) {
		all = append(all, settingsIn(below[key], append(slices.Clone(path), key))...)
	}
	return all
}

func fits(pattern, key []string) bool {
	if len(key) < len(pattern) {
		return false
	}
	for i, word := range pattern {
		if word != "*" && word != key[i] {
			return false
		}
	}
	return len(key) == len(pattern) || pattern[len(pattern)-1] == "*"
}

// runtimesIn are the runtimes, by name.
func runtimesIn(all tomlTable) tomlTable {
	runtime, _ := all[runtimePlugin].(tomlTable)
	containerd, _ := runtime["containerd"].(tomlTable)
	runtimes, _ := containerd["runtimes"].(tomlTable)
	return runtimes
}

// checkRuntimes looks at each runtime on its own: containerd itself only finds out when a pod asks for it.
func checkRuntimes(all tomlTable) error {
	runtimes := runtimesIn(all)
	for _, name := range slices.Sorted(maps.Keys(runtimes)) {
		if name == ownRuntime {
			continue
		}
		each, _ := runtimes[name].(tomlTable)
		if err := checkRuntimeHandler(each); err != nil {
			return fmt.Errorf("the runtime %q: %w", name, err)
		}
	}
	return nil
}

func checkRuntimeHandler(handler tomlTable) error {
	kind, _ := handler["runtime_type"].(string)
	if kind == "" {
		return fmt.Errorf("it has no runtime_type, such as %s", plugins.RuntimeRuncV2)
	}
	if path, _ := handler["runtime_path"].(string); path != "" && !filepath.IsAbs(path) {
		return fmt.Errorf("runtime_path %q isn't absolute", path)
	}
	own, isTable := handler["options"]
	if kind != plugins.RuntimeRuncV2 || !isTable {
		return nil
	}
	text, err := toml.Marshal(own)
	if err != nil {
		return err
	}
	var known options.Options
	if err := decodeTOML(text, &known); err != nil {
		return fmt.Errorf("options: %w", err)
	}
	if known.SystemdCgroup {
		return errors.New("options: SystemdCgroup can't be true: there is no systemd")
	}
	return nil
}
