package images

import (
	"context"
	"fmt"
	"io"

	"github.com/containerd/containerd/v2/core/images"
)

// tag gives an image more names. One that another image has moves.
func tag(source string, names []string) work {
	return func(ctx context.Context, store *Store, out io.Writer) error {
		image, _, err := store.find(ctx, source)
		if err != nil {
			return err
		}
		target, err := store.client.ImageService().Get(ctx, image.names[0])
		if err != nil {
			return err
		}
		manifest, err := runnableManifest(ctx, store.client.ContentStore(), target.Target)
		if err != nil {
			return err
		}
		labels := map[string]string{}
		if image.isPinned {
			labels[pinnedLabel] = pinned
		}
		for _, name := range names {
			records, err := recordsOf(name, target.Target, manifest, labels)
			if err != nil {
				return err
			}
			if err := store.record(ctx, records); err != nil {
				return err
			}
			fmt.Fprintln(out, name)
		}
		return nil
	}
}

// pin keeps images from being removed when the disk gets full, or no longer.
func pin(words []string, isPinned bool) work {
	label, verb := "", "no longer pinned:"
	if isPinned {
		label, verb = pinned, "pinned"
	}
	return func(ctx context.Context, store *Store, out io.Writer) error {
		found, err := store.findAll(ctx, words)
		if err != nil {
			return err
		}
		for _, image := range found {
			for _, name := range image.names {
				record := images.Image{Name: name, Labels: map[string]string{pinnedLabel: label}}
				if _, err := store.client.ImageService().Update(ctx, record, "labels."+pinnedLabel); err != nil {
					return fmt.Errorf("cannot mark %s: %w", name, err)
				}
			}
			fmt.Fprintln(out, verb, image.title())
		}
		return nil
	}
}

// remove takes names away, and with its last one the image.
func remove(words []string) work {
	return func(ctx context.Context, store *Store, out io.Writer) error {
		if _, err := store.findAll(ctx, words); err != nil {
			return err
		}
		for _, word := range words {
			if err := store.removeNamed(ctx, word, out); err != nil {
				return err
			}
		}
		return nil
	}
}

func (s *Store) removeNamed(ctx context.Context, word string, out io.Writer) error {
	image, name, err := s.find(ctx, word)
	if err != nil {
		return err
	}
	gone := image
	if isTag(name) && name != "" {
		gone = image.withoutTag(name)
	}
	used, err := s.usedNames(ctx)
	if err != nil {
		return err
	}
	if len(gone.names) == len(image.names) && image.isUsed(used) {
		return fmt.Errorf("cannot remove %s: a container is made from it", image.title())
	}
	if err := s.remove(ctx, []stored{gone}, out); err != nil {
		return err
	}
	if image.isPreloaded {
		fmt.Fprintf(out, "%s comes back at the next start, if its archive is still in one of the folders for images\n", gone.title())
	}
	return nil
}

// findAll finds out that a name is mistyped before anything is done.
func (s *Store) findAll(ctx context.Context, words []string) (found []stored, err error) {
	all, err := s.grouped(ctx)
	if err != nil {
		return nil, err
	}
	for _, word := range words {
		image, _, err := find(all, word)
		if err != nil {
			return nil, err
		}
		found = append(found, image)
	}
	return found, nil
}

func (s *Store) find(ctx context.Context, word string) (stored, string, error) {
	all, err := s.grouped(ctx)
	if err != nil {
		return stored{}, "", err
	}
	return find(all, word)
}

func (s *Store) grouped(ctx context.Context) ([]stored, error) {
	records, err := s.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("cannot list images: %w", err)
	}
	return group(records), nil
}

// work is done on the store of a running engine.
type work func(context.Context, *Store, io.Writer) error

func withStore(do work) command {
	return func(ctx context.Context, socket string, _ io.Reader, out io.Writer) error {
		store, err := Open(socket)
		if err != nil {
			return err
		}
		defer store.Close()
		return do(inNamespace(ctx), store, out)
	}
}
