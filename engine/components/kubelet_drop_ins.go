package components

import (
	"encoding/json"
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/component-base/featuregate"
	"k8s.io/kubelet/config/v1beta1"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/validation"
	"sigs.k8s.io/yaml"

	"kubesolo-os/engine/given"
)

// enginesOwn are fields of the kubelet's configuration that a drop-in can't change: the rest of the engine counts on them.
var enginesOwn = map[string]string{
	"authentication":                   "",
	"authorization":                    "",
	"cgroupDriver":                     "",
	"cgroupRoot":                       "",
	"clusterDNS":                       "set kubernetes.serviceCIDR",
	"clusterDomain":                    "",
	"containerRuntimeEndpoint":         "",
	"cpuManagerPolicy":                 "set kubernetes.kubelet.cpuManager.policy",
	"cpuManagerPolicyOptions":          "set kubernetes.kubelet.cpuManager.policyOptions",
	"enableServer":                     "",
	"featureGates":                     "",
	"healthzPort":                      "",
	"imageServiceEndpoint":             "",
	"kubeletCgroups":                   "",
	"logging":                          "set logging.debug",
	"memoryManagerPolicy":              "",
	"podCIDR":                          "set kubernetes.podCIDR",
	"port":                             "",
	"readOnlyPort":                     "",
	"registerNode":                     "",
	"reservedMemory":                   "",
	"reservedSystemCPUs":               "set kubernetes.kubelet.cpuManager.reservedCPUs",
	"resolvConf":                       "",
	"rotateCertificates":               "",
	"serverTLSBootstrap":               "",
	"shutdownGracePeriod":              "set kubernetes.kubelet.shutdownGracePeriodSeconds",
	"shutdownGracePeriodByPodPriority": "set kubernetes.kubelet.shutdownGracePeriodSeconds",
	"shutdownGracePeriodCriticalPods":  "set kubernetes.kubelet.shutdownGracePeriodSeconds",
	"tlsCertFile":                      "",
	"tlsPrivateKeyFile":                "",
	"volumePluginDir":                  "",
}

// mergeDropIns is the configuration with that of the files, in their order, and why which of them are left out: as a whole,
// so that a file's fields that belong together count together or not at all.
func mergeDropIns(base *v1beta1.KubeletConfiguration, files []given.File, gates featuregate.FeatureGate) (*v1beta1.KubeletConfiguration, []string) {
	var refused []string
	merged := base
	for _, file := range files {
		next, err := mergeDropIn(merged, file.Text)
		if err == nil {
			err = checkKubelet(next, gates)
		}
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s: %v", file.Name, err))
			continue
		}
		merged = next
	}
	return merged, refused
}

// mergeDropIn: mappings are joined, all else is replaced, as the kubelet does it (mergeKubeletConfigurations).
func mergeDropIn(base *v1beta1.KubeletConfiguration, text []byte) (*v1beta1.KubeletConfiguration, error) {
	var kind struct{ APIVersion, Kind string }
	if err := yaml.Unmarshal(text, &kind); err != nil {
		return nil, err
	}
	if want := v1beta1.SchemeGroupVersion.String(); kind.APIVersion != want || kind.Kind != "KubeletConfiguration" {
		return nil, fmt.Errorf("it has to begin with apiVersion: %s and kind: KubeletConfiguration", want)
	}
	if err := yaml.UnmarshalStrict(text, &v1beta1.KubeletConfiguration{}); err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := yaml.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	for field := range fields {
		if hint, isOwn := enginesOwn[field]; isOwn {
			return nil, fmt.Errorf("%s is the engine's to say%s", field, afterSemicolon(hint))
		}
	}
	before, err := json.Marshal(base)
	if err != nil {
		return nil, err
	}
	changes, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	after, err := jsonpatch.MergePatch(before, changes)
	if err != nil {
		return nil, err
	}
	result := &v1beta1.KubeletConfiguration{}
	return result, json.Unmarshal(after, result)
}

func afterSemicolon(hint string) string {
	if hint == "" {
		return ""
	}
	return "; " + hint
}

func checkKubelet(written *v1beta1.KubeletConfiguration, gates featuregate.FeatureGate) error {
	complete, err := completeKubelet(written.DeepCopy())
	if err != nil {
		return err
	}
	return validation.ValidateKubeletConfiguration(complete, gates)
}
