package config

import (
	"encoding/json"
	"testing"
)

// contract is what the rest of the system has to know of the engine, as data: the parts of it that are in other
// languages are held to it by their tests.
type contract struct {
	APIServerPort    int               `json:"apiServerPort"`
	KubeletPort      int               `json:"kubeletPort"`
	Path             string            `json:"path"`
	AdminKubeconfig  string            `json:"adminKubeconfig"`
	File             string            `json:"file"`
	ReadyFile        string            `json:"readyFile"`
	NodeNameFile     string            `json:"nodeNameFile"`
	RegistryHosts    string            `json:"registryHosts"`
	ConfiguredImages string            `json:"configuredImages"`
	SystemMetrics    string            `json:"systemMetrics"`
	SupportPath      string            `json:"supportPath"`
	APIVersion       string            `json:"apiVersion"`
	Kind             string            `json:"kind"`
	Settings         []contractSetting `json:"settings"`
	Absent           []contractSetting `json:"absent"`
}

// contractSetting is one thing that a person can decide, under all of its names; "" where it has none. Of an absent
// one, there is the key, the only value that may be there, and why.
type contractSetting struct {
	Key         string `json:"key"`
	Flag        string `json:"flag"`
	Environment string `json:"environment"`
	Shape       string `json:"shape"` // value, switch, list, pairs or lists
	Default     string `json:"default"`
	Help        string `json:"help"`
	Right       string `json:"right"`
	IsSecret    bool   `json:"isSecret"`
}

func TestContract(t *testing.T) {
	text, err := json.MarshalIndent(describeContract(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/contract.json", string(text)+"\n")
}

func describeContract() contract {
	result := contract{
		APIServerPort:    APIServerPort,
		KubeletPort:      KubeletPort,
		Path:             DefaultPath,
		AdminKubeconfig:  Config{Path: DefaultPath}.AdminKubeconfig(),
		File:             DefaultFile,
		ReadyFile:        ReadyFile,
		NodeNameFile:     Config{Path: DefaultPath}.NodeNameFile(),
		RegistryHosts:    RegistryHosts,
		ConfiguredImages: ConfiguredImages,
		SystemMetrics:    SystemMetrics,
		SupportPath:      SupportPath,
		APIVersion:       apiVersion,
		Kind:             kind,
	}
	shapes := map[shape]string{single: "value", boolean: "switch", list: "list", pairs: "pairs", lists: "lists"}
	describe := func(each setting, environment string) contractSetting {
		return contractSetting{each.key, each.flag, environment, shapes[each.field.shape], each.fallback, each.help, each.rightValue(), each.secret}
	}
	for _, each := range settings {
		result.Settings = append(result.Settings, describe(each, each.variable()))
	}
	for _, each := range absentSettings {
		if each.key == "" {
			continue
		}
		result.Absent = append(result.Absent, describe(each, ""))
	}
	return result
}
