// Package images adds container images to the node from archives; nothing is pulled.
package images

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/containerd/containerd/v2/core/images"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// contents is what an archive says about itself, read without its layers.
type contents struct {
	fingerprint string // the same for the same images: it covers their digests
	names       int    // how many named images there are
}

const largestIndex = 4 << 20

// readContents reads the tables of contents of an OCI or docker archive. It goes through the whole
// archive; a file is skipped through quickly, because tar seeks over what isn't read.
func readContents(archive io.Reader) (contents, error) {
	tables := map[string][]byte{}
	reader := tar.NewReader(archive)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return contents{}, fmt.Errorf("not a tar archive, or a damaged one: %w", err)
		}
		if header.Name == ocispec.ImageIndexFile || header.Name == "manifest.json" {
			table, err := io.ReadAll(io.LimitReader(reader, largestIndex))
			if err != nil {
				return contents{}, err
			}
			tables[header.Name] = table
		}
	}
	// As containerd does: where both are present, the OCI one counts.
	if index, found := tables[ocispec.ImageIndexFile]; found {
		return ociContents(index)
	}
	if manifest, found := tables["manifest.json"]; found {
		return dockerContents(manifest)
	}
	return contents{}, errors.New("neither an OCI nor a docker image archive: no index.json and no manifest.json")
}

func ociContents(table []byte) (contents, error) {
	var index ocispec.Index
	if err := json.Unmarshal(table, &index); err != nil {
		return contents{}, fmt.Errorf("cannot parse index.json: %w", err)
	}
	names := 0
	for _, manifest := range index.Manifests {
		if manifest.Annotations[images.AnnotationImageName] != "" || manifest.Annotations[ocispec.AnnotationRefName] != "" {
			names++
		}
	}
	return named(table, names)
}

func dockerContents(table []byte) (contents, error) {
	var manifests []struct{ RepoTags []string }
	if err := json.Unmarshal(table, &manifests); err != nil {
		return contents{}, fmt.Errorf("cannot parse manifest.json: %w", err)
	}
	names := 0
	for _, manifest := range manifests {
		names += len(manifest.RepoTags)
	}
	return named(table, names)
}

func named(table []byte, names int) (contents, error) {
	if names == 0 {
		return contents{}, errors.New("no image in it has a name")
	}
	sum := sha256.Sum256(table)
	return contents{fingerprint: hex.EncodeToString(sum[:]), names: names}, nil
}
