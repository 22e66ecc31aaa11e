package images

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/core/images/archive"
	"github.com/containerd/containerd/v2/pkg/archive/compression"
	"github.com/containerd/errdefs"
	"github.com/containerd/platforms"
	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// importOptions: how an archive's images are kept.
type importOptions struct {
	name   string // in full, for an archive of one image; else names are the archive's
	labels map[string]string
}

// Import adds the images of an archive, compressed or not, and returns their names: all of them, or none. It reads up
// to the archive's end mark, so a block device with padding behind the archive will do.
func (s *Store) Import(ctx context.Context, stream io.Reader, options importOptions) (names []string, err error) {
	// The lease keeps the layers from being collected before they are unpacked.
	ctx, release, err := s.client.WithLease(inNamespace(ctx))
	if err != nil {
		return nil, err
	}
	defer release(ctx)
	plain, err := compression.DecompressStream(stream)
	if err != nil {
		return nil, fmt.Errorf("cannot decompress: %w", err)
	}
	defer plain.Close()
	entries, err := s.readEntries(ctx, plain, options.name)
	if err != nil {
		return nil, err
	}
	var records []images.Image
	for _, each := range entries {
		target, manifest, err := findRunnable(ctx, s.client.ContentStore(), each)
		if err != nil {
			return nil, err
		}
		wanted, err := recordsOf(each.name, target, manifest, options.labels)
		if err != nil {
			return nil, err
		}
		records = append(records, wanted...)
		names = append(names, each.name)
	}
	// Names come last: what can't be unpacked must not look as if it were there.
	unpacked := map[digest.Digest]bool{}
	for _, each := range records {
		if unpacked[each.Target.Digest] {
			continue
		}
		if err := s.unpack(ctx, each); err != nil {
			return nil, err
		}
		unpacked[each.Target.Digest] = true
	}
	return names, s.record(ctx, records)
}

func (s *Store) readEntries(ctx context.Context, plain io.Reader, name string) ([]entry, error) {
	description, err := archive.ImportIndex(ctx, s.client.ContentStore(), plain)
	if err != nil {
		return nil, err
	}
	table, err := content.ReadBlob(ctx, s.client.ContentStore(), description)
	if err != nil {
		return nil, err
	}
	var index ocispec.Index
	if err := json.Unmarshal(table, &index); err != nil {
		return nil, fmt.Errorf("cannot parse index.json: %w", err)
	}
	if name == "" {
		return entriesOf(index)
	}
	one, err := entryNamed(index, name)
	return []entry{one}, err
}

// recordsOf is what containerd keeps of an image: its name, and that name with each digest by which a pod may ask for
// it, of the image and of its manifest for this platform. Pure.
func recordsOf(name string, target, manifest ocispec.Descriptor, labels map[string]string) ([]images.Image, error) {
	parsed, err := reference.ParseDockerRef(name)
	if err != nil {
		return nil, err
	}
	byDigest := []string{parsed.Name() + "@" + target.Digest.String()}
	if manifest.Digest != target.Digest {
		byDigest = append(byDigest, parsed.Name()+"@"+manifest.Digest.String())
	}
	if _, isDigested := parsed.(reference.Digested); isDigested {
		if !slices.Contains(byDigest, name) {
			return nil, fmt.Errorf("%s: the image in it has another digest, %s", name, target.Digest)
		}
		name = byDigest[0]
	}
	var records []images.Image
	for _, each := range append([]string{name}, byDigest...) {
		if !slices.ContainsFunc(records, func(known images.Image) bool { return known.Name == each }) {
			records = append(records, images.Image{Name: each, Target: target, Labels: labels})
		}
	}
	return records, nil
}

func (s *Store) unpack(ctx context.Context, image images.Image) error {
	if err := s.holdTogether(ctx, image.Target); err != nil {
		return err
	}
	if err := client.NewImage(s.client, image).Unpack(ctx, snapshotter); err != nil {
		return fmt.Errorf("cannot unpack %s: %w", image.Name, err)
	}
	return nil
}

// holdTogether has the garbage collector keep an image's parts as long as the image, but for packed layers.
func (s *Store) holdTogether(ctx context.Context, target ocispec.Descriptor) error {
	store := s.client.ContentStore()
	children := images.HandlerFunc(func(ctx context.Context, description ocispec.Descriptor) ([]ocispec.Descriptor, error) {
		found, err := images.Children(ctx, store, description)
		if errdefs.IsNotFound(err) { // other platforms' need not be in it
			return nil, images.ErrSkipDesc
		}
		return found, err
	})
	filtered := images.FilterPlatforms(children, platforms.Default())
	return images.Walk(ctx, images.SetChildrenMappedLabels(store, filtered, images.ChildGCLabelsFilterLayers), target)
}

// record makes all of the records, or none that wasn't there.
func (s *Store) record(ctx context.Context, records []images.Image) error {
	service := s.client.ImageService()
	var made []string
	for _, each := range records {
		fields := []string{"target"}
		for label := range each.Labels { // others stay: the mark of an archive, and CRI's own
			fields = append(fields, "labels."+label)
		}
		_, err := service.Update(ctx, each, fields...)
		if errdefs.IsNotFound(err) {
			if _, err = service.Create(ctx, each); err == nil {
				made = append(made, each.Name)
			}
		}
		if err != nil {
			for _, name := range made {
				err = errors.Join(err, service.Delete(context.WithoutCancel(ctx), name))
			}
			return fmt.Errorf("cannot name %s: %w", each.Name, err)
		}
	}
	return nil
}
