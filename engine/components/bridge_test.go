package components

import (
	"testing"
	"time"

	"k8s.io/apiserver/pkg/storage/etcd3"
)

// What the API server takes for its compactor is the one that was made before, whatever interval it wants.
func TestTheAPIServerIsToldWhatWasCompacted(t *testing.T) {
	var store bridge
	store.tellCompacted(1) // nobody is there yet
	store.install()
	theirs := etcd3.StartCompactorPerEndpoint(store.newClient([]string{databaseURL}).Client, 5*time.Minute)
	defer theirs.Stop()
	store.tellCompacted(42)
	if told := theirs.CompactRevision(); told != 42 {
		t.Errorf("it knows of revision %d", told)
	}
}
