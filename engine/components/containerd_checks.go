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
	"strings"
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
	ctx, cancel := context.WithTimeout(context.Background(), allAnswerWithin)
	defer cancel()
	questions := &runtimeQuestions{ctx: ctx, answers: map[string]error{}}
	merged, refused := mergeRuntimeDropIns(configuration.Plugins, files, func(all tomlTable) error {
		if err := checkAsContainerd(all); err != nil {
			return err
		}
		return errors.Join(questions.check(all), checkNRISocket(all))
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

// containerd asks each runtime at its start what it can do, and waits for ever.
const (
	answersWithin   = 5 * time.Second
	allAnswerWithin = 20 * time.Second
)

// runtimeQuestions asks each of them once, before.
type runtimeQuestions struct {
	ctx     context.Context // of all of them
	answers map[string]error
}

// check: one that isn't there may be installed later; that it fails, the pods that ask for it will tell.
func (q *runtimeQuestions) check(all tomlTable) error {
	runtimes := runtimesIn(all)
	for _, name := range slices.Sorted(maps.Keys(runtimes)) {
		handler, _ := runtimes[name].(tomlTable)
		if name == ownRuntime {
			continue
		}
		words := runtimeQuestion(handler)
		key := strings.Join(words, "\x00")
		if _, isAsked := q.answers[key]; !isAsked {
			q.answers[key] = q.ask(words)
		}
		if err := q.answers[key]; err != nil {
			return fmt.Errorf("the runtime %q: %w", name, err)
		}
	}
	return nil
}

func (q *runtimeQuestions) ask(words []string) error {
	if q.ctx.Err() != nil {
		return errors.New("there was no time left to ask it what it can do: others didn't answer")
	}
	ctx, cancel := context.WithTimeout(q.ctx, answersWithin)
	defer cancel()
	question := exec.CommandContext(ctx, words[0], words[1:]...)
	question.WaitDelay = time.Second
	if err := question.Run(); ctx.Err() != nil || errors.Is(err, exec.ErrWaitDelay) {
		return fmt.Errorf("%s doesn't end within %s", words, answersWithin)
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
