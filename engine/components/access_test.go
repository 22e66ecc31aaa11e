package components

import (
	"testing"

	"k8s.io/client-go/kubernetes/fake"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/config/configtest"
)

// A webhook that says no to every write must find none at a restart.
func TestARestartWritesNothing(t *testing.T) {
	client := fake.NewClientset()
	start := func() (writes []string) {
		client.ClearActions()
		for _, write := range accessWrites(configtest.With(config.Config{NodeName: "node-1"}), client) {
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
	if writes := start(); len(writes) != 5 {
		t.Errorf("a first start writes %v", writes)
	}
	if writes := start(); len(writes) != 0 {
		t.Errorf("a restart writes %v", writes)
	}
}
