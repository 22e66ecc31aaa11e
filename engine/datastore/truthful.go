package datastore

import (
	"context"
	"errors"

	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/server"
)

// Truthful notes why a write failed. kine's layer above takes every failure for "somebody else was faster"
// and forgets it: with a full disk, it acknowledges the creation of what is nowhere, and calls each update
// outdated (kine v0.17.5, pkg/logstructured/logstructured.go, Create, Update and Delete). Guard gives the
// reason to those who asked.
type Truthful struct{ logstructured.Log }

// Append writes one revision; the last result of a request is the one that counts.
func (t Truthful) Append(ctx context.Context, event *server.Event) (int64, error) {
	revision, err := t.Log.Append(ctx, event)
	if result, noted := ctx.Value(resultKey{}).(*error); noted {
		*result = err
	}
	return revision, err
}

type resultKey struct{}

// noteResult is a context in which the result of the last write is kept.
func noteResult(ctx context.Context) (context.Context, *error) {
	result := new(error)
	return context.WithValue(ctx, resultKey{}, result), result
}

// truth is the error to answer with: what was answered, or else why the write failed. That a key exists is no
// failure: it is what the layer above looks for. Pure.
func truth(answered, result error) error {
	if answered != nil || errors.Is(result, server.ErrKeyExists) {
		return answered
	}
	return result
}
