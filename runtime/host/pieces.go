package host

import (
	"io"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// StreamSource has one of the two.
type StreamSource struct {
	Path    string       `json:"path"`
	Request *HTTPRequest `json:"request"`
}

type CopyOptions struct {
	OffsetBytes int64  `json:"offsetBytes"`
	SizeBytes   int64  `json:"sizeBytes"`
	Announce    string `json:"announce"`
}

func copyPiece(source StreamSource, target string, options CopyOptions) error {
	if source.Request != nil {
		return askNetwork(nil, "copyPiece", source.Request, target, options)
	}
	return CopyPiece(source.Path, target, options, func(offset int64) (io.ReadCloser, error) {
		file, err := os.Open(source.Path)
		if err != nil {
			return nil, err
		}
		_, err = file.Seek(offset, io.SeekStart)
		return newUncachedReader(file), err
	})
}

// CopyPiece adds to the target what it lacks of the piece. `open` is asked for the source from some byte on, unless the
// target has all already; what can't be opened leaves the target as it was.
func CopyPiece(name, target string, options CopyOptions, open func(offset int64) (io.ReadCloser, error)) error {
	defer makeDisksIdle()()
	has, err := sizeOf(target)
	if err != nil {
		return err
	}
	if has > options.SizeBytes {
		return Failed("EFBIG", "%s has %d bytes already, and the piece %d", target, has, options.SizeBytes)
	}
	source := io.NopCloser(io.LimitReader(nil, 0))
	if has < options.SizeBytes {
		if source, err = open(options.OffsetBytes + has); err != nil {
			return err
		}
	}
	defer source.Close()
	progress := newProgress(options.Announce, has, options.SizeBytes)
	if err := appendFrom(target, io.LimitReader(source, options.SizeBytes-has), progress); err != nil {
		return err
	}
	if progress.doneBytes < options.SizeBytes {
		return Failed("ENODATA", "%s has only %d of %d bytes from byte %d on", name, progress.doneBytes, options.SizeBytes, options.OffsetBytes)
	}
	progress.print()
	return nil
}

// sizeOf is 0 for a missing file.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if IsMissing(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// appendFrom has what it got on the disk when it returns, however that ends.
func appendFrom(target string, source io.Reader, progress *progress) error {
	_, err := os.Lstat(target)
	isNew := err != nil
	file, err := os.OpenFile(target, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	if isNew {
		if err := (WriteOptions{}).give(target, 0o644); err != nil {
			return err
		}
	}
	// First, so that the file itself isn't lost, whatever comes.
	if err := SyncDirectory(filepath.Dir(target)); err != nil {
		return err
	}
	writer := NewUncachedWriter(file)
	_, copyErr := io.CopyBuffer(io.MultiWriter(writer, progress), source, make([]byte, bufferBytes))
	flushErr := writer.Flush()
	if copyErr != nil {
		return copyErr
	}
	return flushErr
}

// include/uapi/linux/ioprio.h
const (
	ioprioWhoProcess = 1
	ioprioIdle       = 3 << 13
)

// makeDisksIdle lets this thread use the disks only when nobody else does, until the returned function is called. Where
// the scheduler of a disk knows no such thing, nothing changes.
func makeDisksIdle() func() {
	runtime.LockOSThread() // the priority is a thread's
	before, _, errno := unix.Syscall(unix.SYS_IOPRIO_GET, ioprioWhoProcess, 0, 0)
	setIOPriority(ioprioIdle)
	return func() {
		if errno == 0 {
			setIOPriority(before)
		}
		runtime.UnlockOSThread()
	}
}

func setIOPriority(priority uintptr) {
	_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, ioprioWhoProcess, 0, priority)
}
