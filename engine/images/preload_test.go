package images

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func TestIsArchive(t *testing.T) {
	for file, want := range map[string]bool{
		"/a/x.tar": true, "/a/x.tar.gz": true, "/a/x.tgz": true, "/a/x.tar.zst": true,
		"/a/x.tar.xz": false, "/a/readme": false, "/a/x.tar.new": false, "/a/tar": false,
	} {
		if got := isArchive(file); got != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}

func TestReadFile(t *testing.T) {
	plain := archiveOf(t, dockerTable, layer)
	var gzipped, zstandard bytes.Buffer
	writer := gzip.NewWriter(&gzipped)
	writer.Write(plain)
	writer.Close()
	encoder, err := zstd.NewWriter(&zstandard)
	if err != nil {
		t.Fatal(err)
	}
	encoder.Write(plain)
	encoder.Close()

	fingerprints := map[string]bool{}
	for name, content := range map[string][]byte{"plain": plain, "gzip": gzipped.Bytes(), "zstd": zstandard.Bytes()} {
		inside, err := readFile(fileOf(t, content))
		if err != nil || len(inside.names) != 3 {
			t.Errorf("%s: %v, %v", name, err, inside.names)
		}
		fingerprints[inside.fingerprint] = true
	}
	if len(fingerprints) != 1 {
		t.Errorf("the same images have %d fingerprints", len(fingerprints))
	}
	for name, content := range map[string][]byte{
		"empty": nil, "short": []byte("tar"), "cut off": gzipped.Bytes()[:gzipped.Len()/2], "text": bytes.Repeat([]byte("text "), 500),
	} {
		if _, err := readFile(fileOf(t, content)); err == nil {
			t.Errorf("%s: taken for an archive", name)
		}
	}
}

func fileOf(t *testing.T, content []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}
