package images

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// importCommand opens all files before it imports the first one: a mistyped name should not be found
// out after half of them.
func importCommand(files []string, options importOptions) command {
	return func(ctx context.Context, socket string, in io.Reader, out io.Writer) error {
		archives := make([]io.Reader, len(files))
		for i, file := range files {
			archives[i] = in
			if file != "-" {
				opened, err := openArchive(file)
				if err != nil {
					return err
				}
				defer opened.Close()
				archives[i] = opened
			}
		}
		store, err := Open(socket)
		if err != nil {
			return err
		}
		defer store.Close()
		for i, archive := range archives {
			names, err := store.importArchive(ctx, archive, options)
			if err != nil {
				return fmt.Errorf("cannot import %s: %w", files[i], err)
			}
			for _, name := range names {
				fmt.Fprintln(out, name)
			}
		}
		return nil
	}
}

func openArchive(file string) (*os.File, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	if status, err := opened.Stat(); err == nil && status.IsDir() {
		opened.Close()
		return nil, fmt.Errorf("%s is a directory; name the archives in it", file)
	}
	return opened, nil
}

func (s *Store) importArchive(ctx context.Context, archive io.Reader, options importOptions) ([]string, error) {
	buffered := bufio.NewReader(archive)
	start, _ := buffered.Peek(512) // whatever it can't read, Import can't either
	if err := checkStart(start); err != nil {
		return nil, err
	}
	names, err := s.Import(ctx, buffered, options)
	return names, explain(err)
}

// formats that people try, by their first bytes.
var formats = []struct {
	start string
	hint  string
}{
	{"\xfd7zXZ\x00", "it is compressed by xz; decompress it first: xz -d"},
	{"BZh", "it is compressed by bzip2; decompress it first: bzip2 -d"},
	{"PK\x03\x04", "it is a zip file, no image archive"},
	{"hsqs", "it is a squashfs, no image archive"},
}

// checkStart says what a file is that can't be an archive for us. Pure.
func checkStart(start []byte) error {
	if len(start) == 0 {
		return errors.New("it is empty")
	}
	for _, format := range formats {
		if bytes.HasPrefix(start, []byte(format.start)) {
			return errors.New(format.hint)
		}
	}
	return nil
}

// explain puts the libraries' errors about bad archives into people's words. Pure.
func explain(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, zstd.ErrFrameSizeMismatch):
		return fmt.Errorf("the archive is cut off: %w", err)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zstd.ErrCRCMismatch), errors.Is(err, gzip.ErrHeader):
		return fmt.Errorf("the archive is damaged: %w", err)
	case err != nil && strings.Contains(err.Error(), "unrecognized image format"): // containerd has no value for it
		return fmt.Errorf("%w; a Helm chart, for one, is no image", errNoTable)
	case errors.Is(err, tar.ErrHeader):
		return fmt.Errorf("it is no tar archive, or a damaged one; make one with docker save or skopeo copy: %w", err)
	}
	return err
}
