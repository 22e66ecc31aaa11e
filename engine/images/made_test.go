package images

import (
	"encoding/json"
	"runtime"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// made is an OCI archive as it grows: blobs, and what its index names.
type made struct {
	t     testing.TB
	blobs []file
	index ocispec.Index
}

func (m *made) blob(mediaType string, value any) ocispec.Descriptor {
	text, err := json.Marshal(value)
	if err != nil {
		m.t.Fatal(err)
	}
	sum := digest.FromBytes(text)
	m.blobs = append(m.blobs, file{"blobs/sha256/" + sum.Encoded(), string(text)})
	return ocispec.Descriptor{MediaType: mediaType, Digest: sum, Size: int64(len(text))}
}

// manifest is an image without layers: what has some needs root to be unpacked.
func (m *made) manifest(configType, architecture string, layers ...ocispec.Descriptor) ocispec.Descriptor {
	config := m.blob(configType, ocispec.Image{
		Platform: ocispec.Platform{OS: "linux", Architecture: architecture},
		RootFS:   ocispec.RootFS{Type: "layers", DiffIDs: make([]digest.Digest, len(layers))},
	})
	return m.blob(ocispec.MediaTypeImageManifest, ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, Config: config, Layers: layers,
	})
}

func (m *made) image(architecture string) ocispec.Descriptor {
	return m.manifest(ocispec.MediaTypeImageConfig, architecture)
}

func (m *made) indexOf(children ...ocispec.Descriptor) ocispec.Descriptor {
	return m.blob(ocispec.MediaTypeImageIndex, ocispec.Index{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Manifests: children,
	})
}

// named puts it into the archive's own index.
func (m *made) named(name string, target ocispec.Descriptor) *made {
	if name != "" {
		target.Annotations = map[string]string{ocispec.AnnotationRefName: name}
	}
	m.index.SchemaVersion = 2
	m.index.Manifests = append(m.index.Manifests, target)
	return m
}

func (m *made) archive(change func(file) file) []byte {
	text, err := json.Marshal(m.index)
	if err != nil {
		m.t.Fatal(err)
	}
	var files []file
	for _, each := range append([]file{layout, {"index.json", string(text)}}, m.blobs...) {
		files = append(files, change(each))
	}
	return archiveOf(m.t, files...)
}

func asItIs(each file) file { return each }

func on(target ocispec.Descriptor, architecture string) ocispec.Descriptor {
	target.Platform = &ocispec.Platform{OS: "linux", Architecture: architecture}
	return target
}

const here = runtime.GOARCH

// elsewhere is no architecture that any of ours runs.
const elsewhere = "s390x"
