package policy

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

// Each policy file of testdata has its golden ruleset beside it. UPDATE=1 rewrites them.
func TestCompile(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		if filepath.Base(file) == "cluster.yaml" {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			ruleset, problems := Compile(readState(t, "testdata/cluster.yaml", file))
			text := ruleset.Replace()
			for _, problem := range problems {
				text += fmt.Sprintf("# %v\n", problem)
			}
			compareGolden(t, strings.TrimSuffix(file, ".yaml")+".nft", text)
		})
	}
}

func compareGolden(t *testing.T, file, text string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(golden) {
		t.Errorf("%s differs (UPDATE=1 rewrites it); now it is:\n%s", file, text)
	}
}

// testDNS is like the cluster's own.
var testDNS = Pod{
	Namespace: "kube-system", Name: "dns", Labels: labels.Set{"k8s-app": "kube-dns"}, Address: "10.42.0.1",
	Ports: []Port{{"dns", corev1.ProtocolUDP, 53}, {"dns-tcp", corev1.ProtocolTCP, 53}},
}

func readState(t *testing.T, files ...string) State {
	t.Helper()
	state := State{Namespaces: map[string]labels.Set{}, NodeServices: []Pod{testDNS}, Bridge: "cni0"}
	var pods []*corev1.Pod
	for _, file := range files {
		text, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer text.Close()
		for _, object := range readObjects(t, text) {
			switch object := object.(type) {
			case *networkingv1.NetworkPolicy:
				state.Policies = append(state.Policies, object)
			case *corev1.Namespace:
				state.Namespaces[object.Name] = object.Labels
			case *corev1.Pod:
				pods = append(pods, object)
			}
		}
	}
	state.Pods = podsOf(pods, nil)
	if strings.HasPrefix(filepath.Base(files[len(files)-1]), "dual-stack") {
		state.Network6 = netip.MustParsePrefix(testNetwork6)
	}
	return state
}

func readObjects(t *testing.T, text io.Reader) (objects []runtime.Object) {
	t.Helper()
	documents := yaml.NewYAMLOrJSONDecoder(text, 4096)
	for {
		var raw runtime.RawExtension
		err := documents.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err == nil && len(raw.Raw) == 0 || string(raw.Raw) == "null" {
			continue // only a comment
		}
		object, _, decodeErr := scheme.Codecs.UniversalDeserializer().Decode(raw.Raw, nil, nil)
		if err = errors.Join(err, decodeErr); err != nil {
			t.Fatal(err)
		}
		objects = append(objects, object)
	}
}

func TestAPolicyThatCannotBeHandledAllowsNothingAndIsNamed(t *testing.T) {
	c := &compiler{}
	policy := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "odd"}}
	rules := c.anyway(policy, func() []string { panic("cannot bear it") })
	if len(rules) != 0 || len(c.problems) != 1 || !strings.Contains(c.problems[0].Error(), "NetworkPolicy shop/odd: a mistake of the engine's, in ") {
		t.Errorf("got %v, %v", rules, c.problems)
	}
}
