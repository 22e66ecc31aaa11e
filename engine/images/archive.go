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
	"path"
	"slices"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// contents is what an archive says about itself, read without its layers.
type contents struct {
	fingerprint string   // the same for the same images: it covers their digests
	names       []string // in full, sorted
}

const (
	largestIndex   = 4 << 20
	dockerManifest = "manifest.json"
)

var errNoTable = errors.New("neither an OCI nor a docker image archive: no index.json and no manifest.json")

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
		// tar --create . writes ./index.json.
		switch name := path.Clean(header.Name); name {
		case ocispec.ImageIndexFile, ocispec.ImageLayoutFile, dockerManifest:
			table, err := io.ReadAll(io.LimitReader(reader, largestIndex))
			if err != nil {
				return contents{}, err
			}
			tables[name] = table
		default:
			if path.Base(name) == "Chart.yaml" {
				return contents{}, errChart
			}
		}
	}
	// As containerd does: a layout makes it an OCI archive, whatever else is in it.
	index, hasIndex := tables[ocispec.ImageIndexFile]
	manifest, hasManifest := tables[dockerManifest]
	_, hasLayout := tables[ocispec.ImageLayoutFile]
	if hasIndex && (hasLayout || !hasManifest) {
		return ociContents(index)
	}
	if hasManifest {
		return dockerContents(manifest)
	}
	return contents{}, errNoTable
}

func ociContents(table []byte) (contents, error) {
	var index ocispec.Index
	if err := json.Unmarshal(table, &index); err != nil {
		return contents{}, fmt.Errorf("cannot parse index.json: %w", err)
	}
	entries, err := entriesOf(index)
	if err != nil {
		return contents{}, err
	}
	var names []string
	for _, each := range entries {
		names = append(names, each.name)
	}
	return named(table, names), nil
}

func dockerContents(table []byte) (contents, error) {
	var manifests []struct{ RepoTags []string }
	if err := json.Unmarshal(table, &manifests); err != nil {
		return contents{}, fmt.Errorf("cannot parse manifest.json: %w", err)
	}
	var names []string
	for _, manifest := range manifests {
		for _, tag := range manifest.RepoTags {
			name, err := fullName(tag)
			if err != nil {
				return contents{}, err
			}
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return contents{}, errNoName
	}
	return named(table, names), nil
}

func named(table []byte, names []string) contents {
	sum := sha256.Sum256(table)
	slices.Sort(names)
	return contents{fingerprint: hex.EncodeToString(sum[:]), names: slices.Compact(names)}
}
