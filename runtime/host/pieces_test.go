package host

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const letters = "0123456789abcdefghij"

func TestCopyPiece(t *testing.T) {
	piece := CopyOptions{OffsetBytes: 4, SizeBytes: 10}
	tests := []struct {
		name    string
		options CopyOptions
		had     string // "-" for no file
		want    string
		code    string
	}{
		{"a piece", piece, "-", "456789abcd", ""},
		{"all of it", CopyOptions{SizeBytes: 20}, "-", letters, ""},
		{"nothing of it", CopyOptions{OffsetBytes: 4}, "-", "", ""},
		{"into an empty file", piece, "", "456789abcd", ""},
		{"the rest, after what is there, whatever it is", piece, "XYZ", "XYZ789abcd", ""},
		{"what is there already", piece, "XXXXXXXXXX", "XXXXXXXXXX", ""},
		{"less than is there", piece, "XXXXXXXXXXX", "XXXXXXXXXXX", "EFBIG"},
		{"more than the source has", CopyOptions{OffsetBytes: 15, SizeBytes: 6}, "-", "fghij", "ENODATA"},
		{"the rest of such a piece", CopyOptions{OffsetBytes: 15, SizeBytes: 6}, "XX", "XXhij", "ENODATA"},
		{"what begins behind its end", CopyOptions{OffsetBytes: 25, SizeBytes: 6}, "-", "", "ENODATA"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			source, target := filepath.Join(folder, "source"), filepath.Join(folder, "target")
			check(t, os.WriteFile(source, []byte(letters), 0o600))
			if test.had != "-" {
				check(t, os.WriteFile(target, []byte(test.had), 0o600))
			}
			err := copyPiece(StreamSource{Path: source}, target, test.options)
			if test.code == "" && err != nil || test.code != "" && (err == nil || AsFailure(err).Code != test.code) {
				t.Errorf("got %v", err)
			}
			if text, err := readText(target, 100); err != nil || text != test.want {
				t.Errorf("copied %q, %v", text, err)
			}
		})
	}
}

func TestCopiesThatCannotBe(t *testing.T) {
	folder := t.TempDir()
	source, target := filepath.Join(folder, "source"), filepath.Join(folder, "target")
	check(t, os.WriteFile(source, []byte(letters), 0o600))
	piece := CopyOptions{SizeBytes: 10}
	for name, test := range map[string]struct{ source, target, code string }{
		"no source":                {source + "none", target, "ENOENT"},
		"a folder as the source":   {folder, filepath.Join(folder, "other"), "EISDIR"},
		"no folder for the target": {source, filepath.Join(folder, "none/target"), "ENOENT"},
		"a full disk":              {source, "/dev/full", "ENOSPC"},
	} {
		if err := copyPiece(StreamSource{Path: test.source}, test.target, piece); err == nil || AsFailure(err).Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if info, _ := stat(target); info != nil {
		t.Errorf("a source that is missing left %+v", info)
	}
	err := copyPiece(StreamSource{Path: source}, target, CopyOptions{OffsetBytes: 15, SizeBytes: 6})
	if err == nil || !strings.Contains(err.Error(), "has only 5 of 6 bytes from byte 15 on") {
		t.Errorf("got %v", err)
	}
}

func TestACopyHasItsMode(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o077))
	folder := t.TempDir()
	source, target := filepath.Join(folder, "source"), filepath.Join(folder, "target")
	check(t, os.WriteFile(source, []byte(letters), 0o600))
	check(t, copyPiece(StreamSource{Path: source}, target, CopyOptions{SizeBytes: 10}))
	if info, err := stat(target); err != nil || info.Mode != 0o644 {
		t.Errorf("%+v, %v", info, err)
	}
}

type reader func([]byte) (int, error)

func (r reader) Read(bytes []byte) (int, error) { return r(bytes) }

func TestACopyKeepsWhatItGotWhenItsSourceBreaks(t *testing.T) {
	target := filepath.Join(folderOnADisk(t), "target")
	broken := errors.New("broken")
	from := func(source io.Reader) func(int64) (io.ReadCloser, error) {
		return func(int64) (io.ReadCloser, error) { return io.NopCloser(source), nil }
	}
	options := CopyOptions{SizeBytes: 2 << 20}
	begun := io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), reader(func([]byte) (int, error) { return 0, broken }))
	if err := CopyPiece("source", target, options, from(begun)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if size, err := sizeOf(target); size != 1<<20 || err != nil {
		t.Errorf("kept %d bytes, %v", size, err)
	}
	if cached := cachedBytes(t, target); cached != 0 {
		t.Errorf("%d bytes are in memory, so perhaps not on the disk", cached)
	}
	more := io.LimitReader(reader(func(bytes []byte) (int, error) { return len(bytes), nil }), 8<<20)
	check(t, CopyPiece("source", target, options, from(more)))
	if size, err := sizeOf(target); size != 2<<20 || err != nil {
		t.Errorf("wrote %d bytes, %v", size, err)
	}
}

func TestACopyIsFlushedOnItsWayAndLeavesNothingInMemory(t *testing.T) {
	folder := folderOnADisk(t)
	source, target := filepath.Join(folder, "source"), filepath.Join(folder, "target")
	const size = 20 << 20
	check(t, writeFile(source, bytes.Repeat([]byte(letters), size/len(letters)+1), WriteOptions{}))
	options := CopyOptions{OffsetBytes: 3, SizeBytes: size}
	check(t, copyPiece(StreamSource{Path: source}, target, options))
	for _, path := range []string{source, target} {
		if cached := cachedBytes(t, path); cached != 0 {
			t.Errorf("%s: %d bytes are in memory", path, cached)
		}
	}
	copied, err := readBytes(target, size)
	if err != nil || !bytes.HasPrefix(copied, []byte(letters[3:])) || len(copied) != size {
		t.Errorf("copied %d bytes, %v", len(copied), err)
	}

	check(t, os.Remove(target))
	given := 0
	check(t, CopyPiece("source", target, options, func(int64) (io.ReadCloser, error) {
		return io.NopCloser(reader(func(bytes []byte) (int, error) {
			if given > 0 && cachedBytes(t, target) >= uncachedBytes {
				t.Errorf("after %d bytes, %d are in memory", given, cachedBytes(t, target))
			}
			if len(bytes) > bufferBytes {
				t.Errorf("%d bytes are read at once", len(bytes))
			}
			given += len(bytes)
			if given > 2*size {
				return 0, errors.New("more was read than was asked for")
			}
			return len(bytes), nil
		})), nil
	}))
}

func TestACopyLetsOthersUseTheDiskFirst(t *testing.T) {
	priority := func() uintptr {
		got, _, errno := unix.Syscall(unix.SYS_IOPRIO_GET, ioprioWhoProcess, 0, 0)
		if errno != 0 {
			t.Fatal(errno)
		}
		return got
	}
	defer makeDisksIdle()() // keeps the test on one thread
	setIOPriority(2<<13 | 5)
	during := uintptr(0)
	check(t, CopyPiece("source", filepath.Join(t.TempDir(), "target"), CopyOptions{SizeBytes: 1}, func(int64) (io.ReadCloser, error) {
		during = priority()
		return io.NopCloser(strings.NewReader("x")), nil
	}))
	if during != ioprioIdle || priority() != 2<<13|5 {
		t.Errorf("%#x, and %#x afterwards", during, priority())
	}
}
