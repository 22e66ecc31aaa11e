package components

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/containerd/log"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
	"kubesolo-os/engine/given"
)

func TestMain(m *testing.M) {
	_ = log.SetLevel("warn") // containerd's plugin tells all of its settings
	m.Run()
}

func mergeOne(t *testing.T, text string) (tomlTable, []string) {
	t.Helper()
	base := containerdConfiguration(configtest.With(config.Config{})).Plugins
	return mergeRuntimeDropIns(base, []given.File{{Name: "own.toml", Text: []byte(text)}}, checkAsContainerd)
}

// handler is a runtime's table in a file of containerd's version 3 or 4.
func handler(version int, name, lines string) string {
	return fmt.Sprintf("version = %d\n[plugins.%q.containerd.runtimes.%s]\n%s", version, runtimePlugin, name, lines)
}

func TestRuntimesAreAdded(t *testing.T) {
	const nvidia = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  enable_cdi = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "nvidia"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
      privileged_without_host_devices = false
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia.options]
        BinaryName = "/usr/local/nvidia/toolkit/nvidia-container-runtime"
        SystemdCgroup = false
`
	for _, test := range []struct{ name, text, runtime string }{
		{"in the newest words", handler(4, "crun", "runtime_type = 'io.containerd.runc.v2'\noptions = {BinaryName = '/usr/local/bin/crun'}\n"), "crun"},
		{"in those of containerd 2.0", strings.Replace(handler(3, "kata", "runtime_type = 'io.containerd.kata.v2'\noptions = {ConfigPath = '/a'}\n"), "[", "[plugins.'io.containerd.cri.v1.runtime']\nenable_cdi = true\n[", 1), "kata"},
		{"in those of containerd 1", nvidia, "nvidia"},
		{"without a version", strings.TrimPrefix(handler(0, "wasmedge", "runtime_type = 'io.containerd.wasmedge.v1'\n"), "version = 0\n"), "wasmedge"},
	} {
		t.Run(test.name, func(t *testing.T) {
			merged, refused := mergeOne(t, test.text)
			if len(refused) > 0 {
				t.Fatal(refused)
			}
			runtimes := runtimesIn(merged)
			if runtimes[test.runtime] == nil || runtimes[ownRuntime] == nil {
				t.Errorf("runtimes: %v", runtimes)
			}
			cni := merged[runtimePlugin].(tomlTable)["cni"].(tomlTable)
			if cni["conf_dir"] != config.PodNetworkFolder || merged[imagesPlugin].(tomlTable)["snapshotter"] != "overlayfs" {
				t.Errorf("what wasn't said has changed: %v", merged)
			}
		})
	}
}

func TestNothingIsTheSameAsNoFile(t *testing.T) {
	for _, text := range []string{"", "version = 4\n", "[plugins]\n", "# nothing\n"} {
		if merged, refused := mergeOne(t, text); len(refused) > 0 || len(runtimesIn(merged)) != 1 {
			t.Errorf("%q: %v", text, refused)
		}
	}
}

func TestRuntimeDropInsThatAreLeftOut(t *testing.T) {
	folder := t.TempDir()
	pipe, noSpec := filepath.Join(folder, "pipe"), filepath.Join(folder, "no-spec")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(noSpec, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	const runc = "runtime_type = 'io.containerd.runc.v2'\n"
	plugin := func(id, lines string) string { return fmt.Sprintf("version = 4\n[plugins.%q]\n%s", id, lines) }
	for _, test := range []struct{ name, text, want string }{
		{"no TOML", "version = \n", "line 1"},
		{"a binary", "\x7fELF\x00\x00", "line 1"},
		{"a version to come", "version = 99\n", "99"},
		{"a version that is none", "version = 'new'\n", "version"},
		{"the root", "root = '/mnt'\n", "root is the engine's to say"},
		{"the state", "state = '/mnt'\n", "state is the engine's to say"},
		{"the socket, in old words", "[grpc]\naddress = '/run/a.sock'\n", "grpc is the engine's to say"},
		{"more files", "imports = ['/etc/a.toml']\n", "imports is the engine's to say"},
		{"plugins off", "disabled_plugins = ['io.containerd.cri.v1.runtime']\n", "disabled_plugins is the engine's to say"},
		{"the socket", plugin("io.containerd.server.v1.grpc", "address = '/run/a.sock'\n"), `plugins."io.containerd.server.v1.grpc" is the engine's to say`},
		{"a plugin that isn't there", plugin("io.containerd.snapshotter.v1.zfs", "root_path = '/a'\n"), "is the engine's to say"},
		{"the snapshotter", plugin(imagesPlugin, "snapshotter = 'native'\n"), "snapshotter is the engine's to say"},
		{"the sandbox's image", plugin(imagesPlugin, "pinned_images = {sandbox = 'example.com/pause:1'}\n"), "pinned_images.sandbox is the engine's to say"},
		{"the sandbox's image, in old words", "version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nsandbox_image = 'example.com/pause:1'\n", "pinned_images.sandbox is the engine's"},
		{"registries", plugin(imagesPlugin, "registry = {config_path = '/a'}\n"), "registry.config_path is the engine's"},
		{"the pods' network", plugin(runtimePlugin, "cni = {conf_dir = '/a'}\n"), "cni.conf_dir is the engine's to say"},
		{"a network of a runtime's own", handler(4, "crun", runc+"cni_conf_dir = '/a'\n"), "cni_conf_dir is the engine's"},
		{"another snapshotter of a runtime", handler(4, "crun", runc+"snapshotter = 'native'\n"), "snapshotter is the engine's"},
		{"the engine's own runtime", handler(4, "runc", "options = {BinaryName = '/bin/false'}\n"), "give yours another name"},
		{"a key that isn't there", handler(4, "crun", runc+"runtime_typ = 'a'\n"), "unknown key containerd.runtimes.crun.runtime_typ"},
		{"a key of no option", handler(4, "crun", runc+"options = {Binaryname2 = '/a'}\n"), `the runtime "crun": options: unknown key Binaryname2`},
		{"another type", handler(4, "crun", "runtime_type = 3\n"), "runtime_type"},
		{"another type, where containerd would panic", "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd]\nruntimes = 3\n", "another type"},
		{"runtimes that are no table", plugin(runtimePlugin, "containerd = {runtimes = 3}\n"), "runtimes"},
		{"no type", handler(4, "crun", "runtime_path = '/a'\n"), "it has no runtime_type"},
		{"a path that isn't absolute", handler(4, "crun", runc+"runtime_path = 'crun'\n"), `"crun" isn't absolute`},
		{"systemd", handler(4, "crun", runc+"options = {SystemdCgroup = true}\n"), "there is no systemd"},
		{"a default that isn't there", plugin(runtimePlugin, "containerd = {default_runtime_name = 'absent'}\n"), "absent"},
		{"no default", plugin(runtimePlugin, "containerd = {default_runtime_name = ''}\n"), "default_runtime_name"},
		{"an io_type that isn't there", handler(4, "crun", runc+"io_type = 'a'\n"), "io_type"},
		{"what one needs of another", handler(4, "crun", runc+"privileged_without_host_devices_all_devices_allowed = true\n"), "requires"},
		{"a base that isn't there", handler(4, "crun", runc+"base_runtime_spec = '/absent.json'\n"), "base_runtime_spec /absent.json: no such file"},
		{"a base that is a pipe", handler(4, "crun", runc+fmt.Sprintf("base_runtime_spec = %q\n", pipe)), "it is a pipe"},
		{"a base that is none", handler(4, "crun", runc+fmt.Sprintf("base_runtime_spec = %q\n", noSpec)), "base OCI spec"},
		{"NRI's socket", plugin(nriPlugin, "disable = false\nsocket_path = '/absent/a.sock'\n"), "socket_path is the engine's"},
		{"NRI's folder", plugin(nriPlugin, "disable = false\nplugin_path = '/mnt'\n"), "plugin_path is the engine's"},
		{"twice", "version = 4\nversion = 4\n", "version"},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := containerdConfiguration(configtest.With(config.Config{})).Plugins
			good := handler(4, "good", runc)
			files := []given.File{{Name: "bad.toml", Text: []byte(test.text)}, {Name: "good.toml", Text: []byte(good)}}
			merged, refused := mergeRuntimeDropIns(base, files, checkAsContainerd)
			if len(refused) != 1 || !strings.HasPrefix(refused[0], "bad.toml: ") || !strings.Contains(refused[0], test.want) || strings.Contains(refused[0], "\n") {
				t.Errorf("refused %q", refused)
			}
			if runtimes := runtimesIn(merged); runtimes["good"] == nil || len(runtimes) != 2 {
				t.Errorf("runtimes: %v", runtimes)
			}
		})
	}
}

func TestARuntimeThatNeverAnswersIsLeftOut(t *testing.T) {
	folder := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	silent := put("silent", "#!/bin/sh\nsleep 60 & sleep 60\n")
	failing := put("failing", "#!/bin/sh\nexit 1\n")
	with := func(binary string) tomlTable {
		merged, refused := mergeOne(t, handler(4, "own", fmt.Sprintf("runtime_type = 'io.containerd.runc.v2'\noptions = {BinaryName = %q}\n", binary)))
		if len(refused) > 0 {
			t.Fatal(refused)
		}
		return merged
	}
	ctx, cancel := context.WithCancel(t.Context())
	questions := &runtimeQuestions{ctx: ctx, answers: map[string]error{}}
	for _, binary := range []string{failing, "/absent"} {
		if err := questions.check(with(binary)); err != nil {
			t.Error(err)
		}
	}
	if err := questions.check(with(silent)); err == nil || !strings.Contains(err.Error(), "doesn't end within") {
		t.Errorf("silent: %v", err)
	}
	cancel()
	if err := questions.check(with(failing)); err != nil {
		t.Errorf("asked before: %v", err)
	}
	if err := questions.check(with("/another")); err == nil || !strings.Contains(err.Error(), "no time left") {
		t.Errorf("without any time: %v", err)
	}
}
