package host

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// folderOnADisk: what lies in memory can't be dropped from it, and /tmp may.
func folderOnADisk(t *testing.T) string {
	folder, err := os.MkdirTemp("/var/tmp", "host-test-")
	check(t, err)
	t.Cleanup(func() { check(t, os.RemoveAll(folder)) })
	return folder
}

// cachedBytes tells how much of the file is in memory.
func cachedBytes(t *testing.T, path string) int {
	t.Helper()
	file, err := os.Open(path)
	check(t, err)
	defer file.Close()
	info, err := file.Stat()
	check(t, err)
	mapped, err := unix.Mmap(int(file.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	check(t, err)
	defer func() { check(t, unix.Munmap(mapped)) }()
	pages := make([]byte, (len(mapped)+os.Getpagesize()-1)/os.Getpagesize())
	_, _, errno := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&mapped[0])), uintptr(len(mapped)), uintptr(unsafe.Pointer(&pages[0])))
	if errno != 0 {
		t.Fatal(errno)
	}
	cached := 0
	for _, page := range pages {
		cached += int(page&1) * os.Getpagesize()
	}
	return cached
}

func TestHashingAFileLeavesNothingInMemory(t *testing.T) {
	path := filepath.Join(folderOnADisk(t), "file")
	content := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16)
	check(t, writeFile(path, content, WriteOptions{}))
	if cached := cachedBytes(t, path); cached != len(content) {
		t.Fatalf("%d bytes are in memory before: the test tells nothing", cached)
	}
	if sum, err := SHA256OfFile(path); err != nil || sum != sha256Of(content) {
		t.Errorf("got %s, %v", sum, err)
	}
	if cached := cachedBytes(t, path); cached != 0 {
		t.Errorf("%d bytes are still in memory", cached)
	}
}

func TestFilesGrowInMemoryToALimit(t *testing.T) {
	path := filepath.Join(folderOnADisk(t), "file")
	file, err := os.Create(path)
	check(t, err)
	defer file.Close()
	writer, buffer := NewUncachedWriter(file), make([]byte, bufferBytes)
	for written := 0; written < 20<<20; written += len(buffer) {
		_, err := writer.Write(buffer)
		check(t, err)
		if cached := cachedBytes(t, path); cached >= uncachedBytes {
			t.Fatalf("%d bytes are in memory after %d", cached, written+len(buffer))
		}
	}
	if cached := cachedBytes(t, path); cached != 4<<20 {
		t.Errorf("%d bytes are in memory before the end", cached)
	}
	check(t, writer.Flush())
	if cached := cachedBytes(t, path); cached != 0 {
		t.Errorf("%d bytes are in memory at the end", cached)
	}

}

func TestFilesThatAreReadFillMemoryToALimit(t *testing.T) {
	path := filepath.Join(folderOnADisk(t), "file")
	check(t, writeFile(path, make([]byte, 20<<20), WriteOptions{}))
	file, err := os.Open(path)
	check(t, err)
	defer file.Close()
	// Else the kernel reads what it thinks will be wanted, which differs from machine to machine.
	check(t, unix.Fadvise(int(file.Fd()), 0, 0, unix.FADV_RANDOM))
	reader, buffer := newUncachedReader(file), make([]byte, bufferBytes)
	for read := 0; read < 20<<20; read += len(buffer) {
		if cached := cachedBytes(t, path); cached != read%uncachedBytes {
			t.Fatalf("%d bytes are in memory after %d", cached, read)
		}
		_, err := reader.Read(buffer)
		check(t, err)
	}
}

// What has no pages isn't worse for it.
func TestUncachedPipes(t *testing.T) {
	reader, writer, err := os.Pipe()
	check(t, err)
	defer reader.Close()
	defer writer.Close()
	_, err = NewUncachedWriter(writer).Write([]byte("abc"))
	check(t, err)
	read := make([]byte, 10)
	if count, err := newUncachedReader(reader).Read(read); count != 3 || err != nil {
		t.Errorf("got %d, %v", count, err)
	}
}
