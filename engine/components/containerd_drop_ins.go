package components

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	srvconfig "github.com/containerd/containerd/v2/cmd/containerd/server/config"
	"github.com/containerd/containerd/v2/version"
	"github.com/containerd/plugin"
	"github.com/containerd/plugin/registry"
	"github.com/pelletier/go-toml/v2"

	"kubesolo-os/engine/given"
	"kubesolo-os/engine/logs"
)

type tomlTable = map[string]any

// mergeRuntimeDropIns is containerd's configuration with that of the files, in their order, and why which of them are left out: as a
// whole, like the kubelet's. What containerd can't start with, it ends the process for. check looks at what is not in the texts.
func mergeRuntimeDropIns(base tomlTable, files []given.File, check func(plugins tomlTable) error) (merged tomlTable, refused []string) {
	merged = base
	for _, file := range files {
		own, err := parseRuntimeDropIn(file.Text)
		if err == nil {
			err = checkRuntimeSettings(own)
		}
		var next tomlTable
		if err == nil {
			next = joinTables(merged, own)
			err = checkRuntimes(next)
		}
		if err == nil {
			err = check(next)
		}
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s: %s", file.Name, logs.OneLine(err.Error())))
			continue
		}
		merged = next
	}
	return merged, refused
}

// parseRuntimeDropIn returns the tables of its plugins, in the form of containerd's newest version.
func parseRuntimeDropIn(text []byte) (plugins tomlTable, err error) {
	// containerd's own migrations take for granted that values have their types.
	defer func() {
		if failure := recover(); failure != nil {
			plugins, err = nil, fmt.Errorf("a value has another type than containerd's: %v", failure)
		}
	}()
	var all tomlTable
	if err := toml.Unmarshal(text, &all); err != nil {
		return nil, explainTOML(err)
	}
	for key := range all {
		if key != "version" && key != "plugins" {
			return nil, fmt.Errorf("%s is the engine's to say: only plugins can be set here", key)
		}
	}
	var file srvconfig.Config
	if err := toml.Unmarshal(text, &file); err != nil {
		return nil, explainTOML(err)
	}
	if err := file.ValidateVersion(); err != nil {
		return nil, err
	}
	if file.Plugins == nil {
		return nil, nil
	}
	for v := file.Version; v < version.ConfigVersion; v++ {
		if err := file.MigrateConfigTo(context.Background(), v+1); err != nil {
			return nil, err
		}
		for _, each := range registrations() {
			if each.ConfigMigration == nil {
				continue
			}
			if err := each.ConfigMigration(context.Background(), v, file.Plugins); err != nil {
				return nil, err
			}
		}
	}
	return withoutOldWords(file.Plugins), nil
}

// withoutOldWords takes away what the migrations leave, and CDI's switch, which installers still write: it is always on.
func withoutOldWords(plugins tomlTable) tomlTable {
	if old, isTable := plugins["io.containerd.grpc.v1.cri"].(tomlTable); isTable && len(old) == 0 {
		delete(plugins, "io.containerd.grpc.v1.cri")
	}
	if runtime, isTable := plugins[runtimePlugin].(tomlTable); isTable && runtime["enable_cdi"] == true {
		delete(runtime, "enable_cdi")
	}
	return plugins
}

func registrations() []plugin.Registration {
	return registry.Graph(func(*plugin.Registration) bool { return false })
}

func registrationOf(id string) (plugin.Registration, error) {
	all := registrations()
	at := slices.IndexFunc(all, func(each plugin.Registration) bool { return each.URI() == id })
	if at < 0 || all[at].Config == nil {
		return plugin.Registration{}, fmt.Errorf("containerd's plugin %q isn't there", id)
	}
	return all[at], nil
}

// decodeStrictly is a plugin's configuration as containerd will read it; what containerd only warns of is an error.
func decodeStrictly(id string, settings any) (any, error) {
	registration, err := registrationOf(id)
	if err != nil {
		return nil, err
	}
	defaults, err := toml.Marshal(registration.Config)
	if err != nil {
		return nil, err
	}
	text, err := toml.Marshal(settings)
	if err != nil {
		return nil, err
	}
	value := reflect.New(reflect.TypeOf(registration.Config).Elem()).Interface()
	if err := toml.Unmarshal(defaults, value); err != nil {
		return nil, err
	}
	return value, decodeTOML(text, value)
}

func decodeTOML(text []byte, value any) error {
	return explainTOML(toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(value))
}

// explainTOML: the library's own words draw the text, over several lines.
func explainTOML(err error) error {
	if missing, isMissing := errors.AsType[*toml.StrictMissingError](err); isMissing {
		return fmt.Errorf("unknown key %s", strings.Join(missing.Errors[0].Key(), "."))
	}
	if wrong, isWrong := errors.AsType[*toml.DecodeError](err); isWrong {
		if key := strings.Join(wrong.Key(), "."); key != "" {
			return fmt.Errorf("%s: %w", key, wrong)
		}
		row, column := wrong.Position()
		return fmt.Errorf("line %d, column %d: %w", row, column, wrong)
	}
	return err
}

// joinTables: tables are joined, all else is replaced.
func joinTables(base, over tomlTable) tomlTable {
	joined := maps.Clone(base)
	for key, value := range over {
		below, isTable := value.(tomlTable)
		under, wasTable := joined[key].(tomlTable)
		if isTable && wasTable {
			value = joinTables(under, below)
		}
		if joined == nil {
			joined = tomlTable{}
		}
		joined[key] = value
	}
	return joined
}
