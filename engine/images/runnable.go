package images

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/platforms"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// deepestIndex: an archive's index names an image's index, which names manifests.
const deepestIndex = 4

var errChart = errors.New("it is a Helm chart, no image: install it with helm, and import the images that it names")

// findRunnable is the first of an entry's images that this node can run, and which of its manifests is for this node.
func findRunnable(ctx context.Context, provider content.Provider, each entry) (target, manifest ocispec.Descriptor, err error) {
	var reasons []error
	for _, target := range each.targets {
		manifest, err := runnableManifest(ctx, provider, target)
		if err == nil {
			return target, manifest, nil
		}
		reasons = append(reasons, err)
	}
	return target, manifest, fmt.Errorf("%s: %w", each.name, errors.Join(reasons...))
}

func runnableManifest(ctx context.Context, provider content.Provider, target ocispec.Descriptor) (ocispec.Descriptor, error) {
	here := platforms.Default()
	for range deepestIndex {
		if !images.IsIndexType(target.MediaType) {
			return target, checkManifest(ctx, provider, target, here)
		}
		children, err := images.Children(ctx, provider, target)
		if err != nil {
			return target, err
		}
		fitting := fittingPlatform(children, here)
		if len(fitting) == 0 {
			return target, otherPlatform(platformsOf(children))
		}
		target = fitting[0]
	}
	return target, errors.New("its index names indexes only")
}

// fittingPlatform are those that this node can run, the best first; one that doesn't say its platform may be, too. Pure.
func fittingPlatform(children []ocispec.Descriptor, here platforms.MatchComparer) []ocispec.Descriptor {
	fitting := slices.DeleteFunc(slices.Clone(children), func(child ocispec.Descriptor) bool {
		return child.Platform != nil && !here.Match(*child.Platform)
	})
	slices.SortStableFunc(fitting, func(a, b ocispec.Descriptor) int {
		switch {
		case a.Platform == nil || b.Platform != nil && here.Less(*b.Platform, *a.Platform):
			return 1
		case b.Platform == nil || here.Less(*a.Platform, *b.Platform):
			return -1
		}
		return 0
	})
	return fitting
}

// checkManifest goes by the image itself: what an index says of it is often missing.
func checkManifest(ctx context.Context, provider content.Provider, target ocispec.Descriptor, here platforms.Matcher) error {
	if !images.IsManifestType(target.MediaType) {
		return fmt.Errorf("it is no image, but %q", target.MediaType)
	}
	text, err := content.ReadBlob(ctx, provider, target)
	if err != nil {
		return err
	}
	var manifest ocispec.Manifest
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("cannot parse manifest %s: %w", target.Digest, err)
	}
	if err := checkKind(manifest); err != nil {
		return err
	}
	platform, err := images.ConfigPlatform(ctx, provider, manifest.Config)
	if err != nil {
		return err
	}
	// Some old images don't say it.
	if platform.Architecture != "" && !here.Match(platform) {
		return otherPlatform([]string{platforms.Format(platform)})
	}
	return nil
}

const helmConfig = "application/vnd.cncf.helm.config.v1+json"

// checkKind refuses what registries keep besides images. Pure.
func checkKind(manifest ocispec.Manifest) error {
	switch kind := manifest.Config.MediaType; {
	case kind == helmConfig:
		return errChart
	case !images.IsConfigType(kind):
		return fmt.Errorf("it is no image, but %q", kind)
	}
	return nil
}

// platformsOf is what an index has images for, without attestations. Pure.
func platformsOf(children []ocispec.Descriptor) (found []string) {
	for _, child := range children {
		if child.Platform != nil && child.Platform.OS != "unknown" {
			found = append(found, platforms.Format(*child.Platform))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func otherPlatform(offered []string) error {
	return fmt.Errorf("it is for %s, and this node is %s", strings.Join(offered, ", "), platforms.Format(platforms.DefaultSpec()))
}
