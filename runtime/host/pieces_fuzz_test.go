package host

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Whatever is there already stays, what is added is the piece's, and what comes of it is one of the codes that host.ts promises.
func FuzzCopyPiece(f *testing.F) {
	f.Add([]byte(letters), int64(4), int64(10), []byte("XYZ"))
	f.Add([]byte(letters), int64(15), int64(6), []byte(""))
	f.Add([]byte(letters), int64(1)<<62, int64(8), []byte("1234567"))
	f.Add([]byte(""), int64(0), int64(0), []byte("1"))
	f.Fuzz(func(t *testing.T, content []byte, offset, size int64, had []byte) {
		if offset < 0 || size < 0 || offset > 1<<53 || size > 1<<53 {
			return // what JavaScript can't count, and no release has
		}
		folder := t.TempDir()
		source, target := filepath.Join(folder, "source"), filepath.Join(folder, "target")
		check(t, os.WriteFile(source, content, 0o600))
		check(t, os.WriteFile(target, had, 0o600))
		err := copyPiece(StreamSource{Path: source}, target, CopyOptions{OffsetBytes: offset, SizeBytes: size})
		now, readErr := os.ReadFile(target)
		check(t, readErr)
		if !bytes.HasPrefix(now, had) {
			t.Fatalf("what was there is gone: %q", now)
		}
		begin := min(offset+int64(len(had)), int64(len(content)))
		rest := content[begin:max(begin, min(offset+size, int64(len(content))))]
		switch {
		case int64(len(had)) > size:
			if err == nil || AsFailure(err).Code != "EFBIG" || len(now) != len(had) {
				t.Fatalf("more than the piece: %v", err)
			}
		case !bytes.Equal(now[len(had):], rest):
			t.Fatalf("added %q instead of %q", now[len(had):], rest)
		case int64(len(now)) == size && err != nil, int64(len(now)) < size && (err == nil || AsFailure(err).Code != "ENODATA"):
			t.Fatalf("%d of %d bytes: %v", len(now), size, err)
		}
	})
}
