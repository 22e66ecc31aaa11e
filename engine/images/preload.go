package images

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Preload imports all *.tar of the folders, except those already there. A bad archive is reported and
// doesn't keep the node from starting; without the others it could not even say what is wrong.
func (s *Store) Preload(ctx context.Context, folders []string, onBad func(file string, err error)) error {
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.tar")) // sorted; none when there's no folder
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := s.preloadFile(ctx, file); err != nil {
				onBad(file, err)
			}
		}
	}
	return nil
}

func (s *Store) preloadFile(ctx context.Context, file string) error {
	archive, err := os.Open(file)
	if err != nil {
		return err
	}
	defer archive.Close()
	inside, err := readContents(archive)
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
	_, err = s.Import(ctx, archive, map[string]string{fingerprintLabel: inside.fingerprint, pinnedLabel: "pinned"})
	return err
}

// has says whether all images of an archive with these contents are still there. Images keep the
// fingerprint of the archive that they came from.
func (s *Store) has(ctx context.Context, inside contents) (bool, error) {
	filter := fmt.Sprintf("labels.%q==%s", fingerprintLabel, inside.fingerprint)
	found, err := s.client.ImageService().List(inNamespace(ctx), filter)
	return len(found) >= inside.names, err
}
