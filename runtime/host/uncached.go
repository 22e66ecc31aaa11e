package host

import (
	"os"

	"golang.org/x/sys/unix"
)

// Files of many megabytes, which nobody reads again soon, would take the page cache from the pods: their pages are
// dropped each time that so many bytes have passed. What is written can be dropped only once it is on the disk.
const (
	uncachedBytes = 8 << 20
	// To read or write at once.
	bufferBytes = 256 << 10
)

// uncachedReader reads from where the file stands.
type uncachedReader struct {
	file    *os.File
	pending int64
}

// newUncachedReader lets what comes be read from the disk, not from what is left of an earlier time in memory.
func newUncachedReader(file *os.File) *uncachedReader {
	dropPages(file)
	return &uncachedReader{file: file}
}

func (r *uncachedReader) Read(bytes []byte) (int, error) {
	count, err := r.file.Read(bytes)
	r.pending += int64(count)
	if r.pending >= uncachedBytes || err != nil {
		dropPages(r.file)
		r.pending = 0
	}
	return count, err
}

func (r *uncachedReader) Close() error {
	dropPages(r.file)
	return r.file.Close()
}

// UncachedWriter writes to where the file stands; Flush it at the end.
type UncachedWriter struct {
	file    *os.File
	pending int64
}

func NewUncachedWriter(file *os.File) *UncachedWriter { return &UncachedWriter{file: file} }

func (w *UncachedWriter) Write(bytes []byte) (int, error) {
	count, err := w.file.Write(bytes)
	w.pending += int64(count)
	if err == nil && w.pending >= uncachedBytes {
		w.pending = 0
		if err = unix.Fdatasync(int(w.file.Fd())); err == nil {
			dropPages(w.file)
		}
	}
	return count, err
}

func (w *UncachedWriter) Flush() error {
	if err := w.file.Sync(); err != nil {
		return err
	}
	dropPages(w.file)
	return nil
}

// dropPages is all that it can: pipes have none, and some file systems are memory.
func dropPages(file *os.File) {
	_ = unix.Fadvise(int(file.Fd()), 0, 0, unix.FADV_DONTNEED)
}
