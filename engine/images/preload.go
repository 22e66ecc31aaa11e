package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/pkg/archive/compression"

	"kubesolo-os/engine/given"
	"kubesolo-os/engine/quarantine"
)

// endings of what Preload takes; a compressed archive costs its decompression at every start.
var endings = []string{".tar", ".tar.gz", ".tgz", ".tar.zst"}

// Preload imports all archives of the folders, except those already there. A bad archive is reported and
// doesn't keep the node from starting; without the others it could not even say what is wrong.
func (s *Store) Preload(ctx context.Context, folders []string, ledger *quarantine.Ledger, onBad func(file string, err error)) error {
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*")) // sorted; none when there's no folder
		if err != nil {
			return err
		}
		files = slices.DeleteFunc(files, func(file string) bool { return !isArchive(file) })
		for _, file := range files {
			if err := s.preloadFile(ctx, file, ledger); err != nil {
				onBad(file, err)
			}
		}
	}
	return nil
}

func isArchive(file string) bool {
	return slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(file, ending) })
}

func (s *Store) preloadFile(ctx context.Context, file string, ledger *quarantine.Ledger) error {
	archive, err := given.Open(file)
	if err != nil {
		return err
	}
	defer archive.Close()
	inside, err := readFile(archive)
	if err != nil {
		return err
	}
	known, err := s.has(ctx, inside)
	if err != nil || known {
		return err
	}
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return err
	}
	itself := func() (string, error) { return inside.fingerprint, nil }
	return ledger.Work("archive "+inside.fingerprint, itself, func() error {
		_, err := s.Import(ctx, archive, importOptions{labels: map[string]string{fingerprintLabel: inside.fingerprint, pinnedLabel: pinned}})
		return err
	})
}

// readFile goes by what is in it: over an archive that isn't compressed, tar can seek.
func readFile(archive *os.File) (contents, error) {
	start := make([]byte, 16)
	count, err := archive.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return contents{}, err
	}
	if compression.DetectCompression(start[:count]) == compression.Uncompressed {
		return readContents(archive)
	}
	plain, err := compression.DecompressStream(archive)
	if err != nil {
		return contents{}, fmt.Errorf("cannot decompress: %w", err)
	}
	defer plain.Close()
	return readContents(plain)
}

// has says whether all images of an archive with these contents are still there. Images keep the
// fingerprint of the archive that they came from.
func (s *Store) has(ctx context.Context, inside contents) (bool, error) {
	filter := fmt.Sprintf("labels.%q==%s", fingerprintLabel, inside.fingerprint)
	found, err := s.client.ImageService().List(inNamespace(ctx), filter)
	if err != nil {
		return false, err
	}
	for _, name := range inside.names {
		if !slices.ContainsFunc(found, func(image images.Image) bool { return image.Name == name }) {
			return false, nil
		}
	}
	return true, nil
}
