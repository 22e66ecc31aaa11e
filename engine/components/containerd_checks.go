package components

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	srvconfig "github.com/containerd/containerd/v2/cmd/containerd/server/config"
	"github.com/containerd/containerd/v2/pkg/shim"
	"github.com/containerd/containerd/v2/plugins"
	"github.com/containerd/plugin"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/given"
)

// addDropIns returns what of people's files is left out.
func addDropIns(configuration *srvconfig.Config) []string {
	files, leftOut := given.ReadFolder(config.ContainerdDropIns, ".toml")
	merged, refused := mergeRuntimeDropIns(configuration.Plugins, files, func(all tomlTable) error {
		if err := checkAsContainerd(all); err != nil {
			return err
		}
		return errors.Join(checkAnswers(all), checkNRISocket(all))
	})
	configuration.Plugins = merged
	return append(leftOut, refused...)
}

// checkAsContainerd has containerd's own plugin look at its settings, which reads the files they name.
func checkAsContainerd(all tomlTable) error {
	for _, handler := range runtimesIn(all) {
		each, _ := handler.(tomlTable)
		if file, _ := each["base_runtime_spec"].(string); file != "" {
			if _, err := given.Read(file); err != nil {
				return fmt.Errorf("base_runtime_spec %s: %w", file, err)
			}
		}
	}
	settings, err := decodeStrictly(runtimePlugin, all[runtimePlugin])
	if err != nil {
		return err
	}
	registration, err := registrationOf(runtimePlugin)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "containerd-check-") // it makes folders
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	in := plugin.NewContext(context.Background(), plugin.NewPluginSet(), map[string]string{
		plugins.PropertyRootDir: filepath.Join(folder, "root"), plugins.PropertyStateDir: filepath.Join(folder, "state")})
	in.Config = settings
	_, err = registration.InitFn(in)
	return err
}

// answersWithin: containerd asks each runtime at its start what it can do, and waits for ever.
const answersWithin = 5 * time.Second

// checkAnswers: one that isn't there may be installed later; that it fails, the pods that ask for it will tell.
func checkAnswers(all tomlTable) error {
	runtimes := runtimesIn(all)
	for _, name := range slices.Sorted(maps.Keys(runtimes)) {
		handler, _ := runtimes[name].(tomlTable)
		if name == ownRuntime {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), answersWithin)
		question := exec.CommandContext(ctx, "", "")
		question.Args = runtimeQuestion(handler)
		question.Path, question.Err = exec.LookPath(question.Args[0])
		question.WaitDelay = time.Second
		err := question.Run()
		late := ctx.Err() != nil || errors.Is(err, exec.ErrWaitDelay)
		cancel()
		if late {
			return fmt.Errorf("the runtime %q: %s doesn't end within %s", name, question.Args, answersWithin)
		}
	}
	return nil
}

// runtimeQuestion is the program that containerd will wait for. Pure.
func runtimeQuestion(handler tomlTable) []string {
	kind, _ := handler["runtime_type"].(string)
	own, _ := handler["options"].(tomlTable)
	if binary, _ := own["BinaryName"].(string); kind == plugins.RuntimeRuncV2 && binary != "" {
		return []string{binary, "features"}
	}
	if path, _ := handler["runtime_path"].(string); path != "" {
		return []string{path, "-info"}
	}
	return []string{shim.BinaryName(kind), "-info"}
}

// checkNRISocket: when containerd can't listen there, it ends the process.
func checkNRISocket(all tomlTable) error {
	if settings, _ := all[nriPlugin].(tomlTable); settings["disable"] != false {
		return nil
	}
	err := os.MkdirAll(filepath.Dir(config.NRISocket), 0o700)
	if err == nil {
		if err = os.Remove(config.NRISocket); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("NRI can't have its socket: %w", err)
	}
	listener, err := net.Listen("unix", config.NRISocket)
	if err != nil {
		return fmt.Errorf("NRI can't have its socket: %w", err)
	}
	return listener.Close()
}
