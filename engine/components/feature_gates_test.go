package components

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
)

// TestFeatureGatesAreThoseOfKubernetes holds the table that configurations are checked by to Kubernetes itself.
func TestFeatureGatesAreThoseOfKubernetes(t *testing.T) {
	text := describeGates()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("../config/feature-gates.txt", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != config.FeatureGatesText {
		t.Error("config/feature-gates.txt differs (UPDATE=1 writes it)")
	}
}

func describeGates() string {
	known := utilfeature.DefaultMutableFeatureGate.GetAll()
	needs := utilfeature.DefaultMutableFeatureGate.Dependencies()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(known)) {
		words := []string{string(name), stateOf(name, known[name])}
		for _, needed := range needs[name] {
			words = append(words, string(needed))
		}
		slices.Sort(words[2:])
		fmt.Fprintln(&text, strings.Join(words, " "))
	}
	return text.String()
}

func stateOf(name featuregate.Feature, spec featuregate.FeatureSpec) string {
	if _, isOwn := config.OwnGates[string(name)]; isOwn {
		return "own"
	}
	if name == "AllAlpha" || name == "AllBeta" {
		return "all"
	}
	state := "off"
	if spec.Default {
		state = "on"
	}
	if spec.LockToDefault || spec.PreRelease == featuregate.PreAlpha {
		state += "!"
	}
	return state
}

// Kubernetes takes what is said of gates, in the same words.
func TestFeatureGatesAreTaken(t *testing.T) {
	c := configtest.With(config.Config{FeatureGates: map[string]bool{"APIResponseCompression": false}})
	gates := utilfeature.DefaultMutableFeatureGate.DeepCopy()
	if err := gates.Set(featureGates(c)); err != nil {
		t.Fatal(err)
	}
	if gates.Enabled("APIResponseCompression") || gates.Enabled("APIServerIdentity") || !gates.Enabled("KubeProxyNFTablesLocalhostNodePorts") {
		t.Error(featureGates(c))
	}
}
