package images

import (
	"errors"
	"fmt"

	"github.com/containerd/containerd/v2/core/images"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// errNoName is about an archive without a name for any of its images.
var errNoName = errors.New("no image in it has a name; give it one: kubesolo images import --name NAME FILE")

// entry is a name in an archive, with what has it: mostly one image, or one for each platform.
type entry struct {
	name    string
	targets []ocispec.Descriptor
}

// entriesOf are the named images of an archive's index, in its order. Pure.
func entriesOf(index ocispec.Index) ([]entry, error) {
	var entries []entry
	place := map[string]int{}
	for _, target := range index.Manifests {
		name, err := nameOf(target.Annotations)
		if err != nil {
			return nil, err
		}
		if name == "" {
			continue // a signature or an attestation of a named one
		}
		found, known := place[name]
		if !known {
			found = len(entries)
			place[name] = found
			entries = append(entries, entry{name: name})
		}
		entries[found].targets = append(entries[found].targets, target)
	}
	if len(entries) == 0 {
		return nil, errNoName
	}
	return entries, nil
}

// entryNamed is the one image of an archive, whatever it is called there. Pure.
func entryNamed(index ocispec.Index, name string) (entry, error) {
	result := entry{name: name}
	for _, target := range index.Manifests {
		_, isReferrer := target.Annotations[images.AnnotationManifestSubject]
		isKnown := len(result.targets) > 0 && result.targets[0].Digest == target.Digest
		if !isReferrer && !isKnown {
			result.targets = append(result.targets, target)
		}
	}
	if len(result.targets) != 1 {
		return entry{}, fmt.Errorf("there are %d images in it, and --name is for one", len(result.targets))
	}
	return result, nil
}
