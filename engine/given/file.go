// Package given reads files that people and pods put onto the node, where anything may lie: a folder, a link to nowhere, a pipe
// that nobody writes to, a device, a file without an end. Nothing of it holds up a start or ends one.
package given

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Open opens a regular file, or a link to one. What else it is isn't even opened: that alone acts on some devices, and waits at a pipe.
func Open(path string) (*os.File, error) {
	status, err := os.Stat(path)
	if err != nil {
		return nil, reason(err)
	}
	if !status.Mode().IsRegular() {
		return nil, fmt.Errorf("it is %s, not a file", kindOf(status.Mode()))
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may be another thing by now
	if err != nil {
		return nil, reason(err)
	}
	if status, err = file.Stat(); err == nil && !status.Mode().IsRegular() {
		err = fmt.Errorf("it is %s, not a file", kindOf(status.Mode()))
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// Read is all that is in such a file, which may be no larger than a configuration is.
func Read(path string) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, largestFile+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(text) > largestFile {
		return nil, fmt.Errorf("it is larger than %d MiB", largestFile>>20)
	}
	return text, nil
}

// reason leaves the path away, which those know who asked; that a file isn't there is still found in it.
func reason(err error) error {
	if failure, isPath := errors.AsType[*fs.PathError](err); isPath {
		return failure.Err
	}
	return err
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
