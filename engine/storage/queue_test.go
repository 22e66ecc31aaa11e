package storage

import (
	"context"
	"testing"

	"k8s.io/client-go/tools/cache"
)

func TestAnObjectThatCannotBeHandledKeepsNoOtherFromBeingSo(t *testing.T) {
	queue := newQueue()
	ctx, cancel := context.WithCancel(t.Context())
	for _, name := range []string{"odd", "plain"} {
		queue.Add(cache.ObjectName{Namespace: "shop", Name: name})
	}
	work(ctx, queue, func(_ context.Context, key cache.ObjectName) error {
		if key.Name == "odd" {
			panic("cannot bear it")
		}
		cancel()
		return nil
	})
	if again := queue.NumRequeues(cache.ObjectName{Namespace: "shop", Name: "odd"}); again != 1 {
		t.Errorf("it is tried again %d times", again)
	}
}
