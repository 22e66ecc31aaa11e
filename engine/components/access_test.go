package components

import (
	"net/netip"
	"testing"

	"k8s.io/client-go/kubernetes/fake"

	"kubesolo-os/engine/config"
)

// A webhook that says no to every write must find none at a restart.
func TestARestartWritesNothing(t *testing.T) {
	client := fake.NewClientset()
	start := func() (writes []string) {
		client.ClearActions()
		for _, write := range accessWrites(config.Config{NodeName: "node-1", PodNetwork: netip.MustParsePrefix("10.42.0.0/16"), ServiceNetwork: netip.MustParsePrefix("10.43.0.0/16")}, client) {
			if err := write.do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, action := range client.Actions() {
			if action.GetVerb() != "get" {
				writes = append(writes, action.GetVerb()+" "+action.GetResource().Resource)
			}
		}
		return writes
	}
	if writes := start(); len(writes) != 4 {
		t.Errorf("a first start writes %v", writes)
	}
	if writes := start(); len(writes) != 0 {
		t.Errorf("a restart writes %v", writes)
	}
}
