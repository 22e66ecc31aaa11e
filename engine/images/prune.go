package images

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/core/snapshots"
	"github.com/containerd/errdefs"
)

// unused are the images that nothing holds: not pinned, and of no container by any of their names. Pure.
func unused(all []stored, usedNames []string) (result []stored) {
	for _, each := range all {
		if !each.isPinned && !each.isUsed(usedNames) {
			result = append(result, each)
		}
	}
	return result
}

// isUsed: containers name an image by any of its names.
func (s stored) isUsed(usedNames []string) bool {
	return slices.ContainsFunc(s.names, func(name string) bool { return slices.Contains(usedNames, name) })
}

func pruneCommand(dryRun bool) command {
	return func(ctx context.Context, socket string, _ io.Reader, out io.Writer) error {
		store, err := Open(socket)
		if err != nil {
			return err
		}
		defer store.Close()
		candidates, err := store.unusedImages(ctx)
		if err != nil {
			return fmt.Errorf("cannot find out which images are used: %w", err)
		}
		if dryRun {
			for _, each := range candidates {
				fmt.Fprintf(out, "would remove %s\n", each.title())
			}
			return nil
		}
		return store.remove(ctx, candidates, out)
	}
}

func (s *Store) unusedImages(ctx context.Context) ([]stored, error) {
	// Images first: one that comes in between is not among them.
	all, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	names, err := s.usedNames(ctx)
	return unused(group(all), names), err
}

func (s *Store) usedNames(ctx context.Context) (names []string, err error) {
	containers, err := s.client.ContainerService().List(inNamespace(ctx))
	for _, each := range containers {
		names = append(names, each.Image)
	}
	return names, err
}

// remove deletes all names of each image; with the last one, containerd frees what they held.
func (s *Store) remove(ctx context.Context, candidates []stored, out io.Writer) error {
	before, err := s.storedBytes(ctx)
	if err != nil {
		return err
	}
	for _, each := range candidates {
		for i, name := range each.names {
			var options []images.DeleteOpt
			if i == len(each.names)-1 {
				options = append(options, images.SynchronousDelete())
			}
			err := s.client.ImageService().Delete(inNamespace(ctx), name, options...)
			if err != nil && !errdefs.IsNotFound(err) { // the kubelet's half follows by itself
				return fmt.Errorf("cannot remove %s: %w", name, err)
			}
		}
		fmt.Fprintf(out, "removed %s\n", each.title())
	}
	after, err := s.storedBytes(ctx)
	if err != nil {
		return err
	}
	freed := max(before-after, 0) // something may have been added in between
	fmt.Fprintf(out, "freed %d bytes (%s)\n", freed, humanBytes(freed))
	return nil
}

// storedBytes is what all images take together: packed blobs and unpacked layers.
func (s *Store) storedBytes(ctx context.Context) (total int64, err error) {
	ctx = inNamespace(ctx)
	err = s.client.ContentStore().Walk(ctx, func(blob content.Info) error {
		total += blob.Size
		return nil
	})
	if err != nil {
		return 0, err
	}
	layers := s.client.SnapshotService(snapshotter)
	err = layers.Walk(ctx, func(ctx context.Context, layer snapshots.Info) error {
		if layer.Kind != snapshots.KindCommitted {
			return nil // a container's own files
		}
		usage, err := layers.Usage(ctx, layer.Name)
		total += usage.Size
		return err
	})
	return total, err
}
