package components

import (
	"strings"
	"testing"

	utilfeature "k8s.io/apiserver/pkg/util/feature"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
	"kubesolo-os/engine/given"
)

const dropInHead = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"

func TestDropInsAreMerged(t *testing.T) {
	merged, refused := mergeDropIns(kubeletConfiguration(configtest.With(config.Config{})), []given.File{
		{Name: "10-a.conf", Text: []byte(dropInHead + "maxPods: 50\nallowedUnsafeSysctls: [net.core.somaxconn]\nevictionHard: {nodefs.available: 10%}\n")},
		{Name: "20-b.conf", Text: []byte(dropInHead + "maxPods: 60\n")},
	}, utilfeature.DefaultFeatureGate)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	if merged.MaxPods != 60 || merged.AllowedUnsafeSysctls[0] != "net.core.somaxconn" {
		t.Errorf("maxPods %d, sysctls %v", merged.MaxPods, merged.AllowedUnsafeSysctls)
	}
	if merged.EvictionHard["nodefs.available"] != "10%" || merged.EvictionHard["memory.available"] != "50Mi" || merged.ContainerLogMaxSize != "2Mi" {
		t.Errorf("what wasn't said has changed: %v", merged.EvictionHard)
	}
}

func TestDropInsThatAreLeftOut(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "apiVersion"},
		{"no YAML", "a: [", "yaml"},
		{"another kind", "apiVersion: v1\nkind: Pod\n", "KubeletConfiguration"},
		{"a version that isn't there", "apiVersion: kubelet.config.k8s.io/v2\nkind: KubeletConfiguration\n", "v1beta1"},
		{"a field that isn't there", dropInHead + "maxPod: 3\n", `unknown field "maxPod"`},
		{"another type", dropInHead + "maxPods: many\n", "maxPods"},
		{"a value that can't be", dropInHead + "maxPods: -1\n", "maxPods"},
		{"twice", dropInHead + "maxPods: 1\nmaxPods: 2\n", "already set"},
		{"the engine's port", dropInHead + "port: 10251\n", "port is the engine's to say"},
		{"what is a setting", dropInHead + "cpuManagerPolicy: static\n", "set kubernetes.kubelet.cpuManager.policy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := []given.File{{Name: "bad.conf", Text: []byte(test.text)}, {Name: "good.conf", Text: []byte(dropInHead + "maxPods: 7\n")}}
			merged, refused := mergeDropIns(kubeletConfiguration(configtest.With(config.Config{})), files, utilfeature.DefaultFeatureGate)
			if len(refused) != 1 || !strings.HasPrefix(refused[0], "bad.conf: ") || !strings.Contains(refused[0], test.want) {
				t.Errorf("refused %q", refused)
			}
			if merged.MaxPods != 7 {
				t.Error("the good one doesn't count")
			}
		})
	}
}
