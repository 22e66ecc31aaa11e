package config

// The only file of this package that touches the world.

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	files "kubesolo-os/engine/given"
)

// largestFile is far more than all settings need; what is bigger is something else.
const largestFile = 64 << 10

// ReadFile reads the named file, or the default one (for "") if there is one, whatever is there in its place.
func ReadFile(name string) File {
	asked := name != ""
	if !asked {
		name = DefaultFile
	}
	open := os.Open // what is named may be a shell's pipe
	if !asked {
		open = files.Open
	}
	handle, err := open(name)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return File{}
	}
	if err != nil && !asked {
		err = fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return File{Problem: fmt.Sprintf("cannot read the configuration file: %v", err)}
	}
	defer handle.Close()
	content, err := io.ReadAll(io.LimitReader(handle, largestFile+1))
	if err != nil {
		return File{Problem: fmt.Sprintf("cannot read the configuration file: %v", err)}
	}
	if len(content) > largestFile {
		return File{Problem: fmt.Sprintf("%s is no configuration file: it is bigger than %d KiB", name, largestFile>>10)}
	}
	file := File{Name: name, Content: content}
	if status, err := handle.Stat(); err == nil {
		file.Problem, file.Warning = judgeMode(name, status.Mode())
	}
	return file
}

// judgeMode: who can write the file is root in all but name; who can read it knows its secrets. Pure.
func judgeMode(name string, mode fs.FileMode) (problem, warning string) {
	switch {
	case !mode.IsRegular(): // a pipe
		return "", ""
	case mode.Perm()&0o022 != 0:
		return fmt.Sprintf("%s can be written by others (mode %04o); hint: chmod 600 %s", name, mode.Perm(), name), ""
	case mode.Perm()&0o044 != 0:
		return "", fmt.Sprintf("%s can be read by others (mode %04o), and may hold secrets; hint: chmod 600 %s", name, mode.Perm(), name)
	}
	return "", ""
}
