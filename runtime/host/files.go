package host

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

type WriteOptions struct {
	Mode *uint32 `json:"mode"`
	UID  *int    `json:"uid"`
	GID  *int    `json:"gid"`
}

func (o WriteOptions) mode(standard fs.FileMode) fs.FileMode {
	if o.Mode == nil {
		return standard
	}
	return fs.FileMode(*o.Mode & 0o777)
}

// give sets owner, then mode, since a new owner takes special bits away; os.FileMode has those elsewhere.
func (o WriteOptions) give(path string, standard fs.FileMode) error {
	if o.UID != nil || o.GID != nil {
		if err := os.Lchown(path, orSame(o.UID), orSame(o.GID)); err != nil {
			return err
		}
	}
	mode := uint32(standard)
	if o.Mode != nil {
		mode = *o.Mode & 0o7777
	}
	return unix.Chmod(path, mode)
}

func orSame(id *int) int {
	if id == nil {
		return -1
	}
	return *id
}

func readText(path string, maxBytes int64) (string, error) {
	read, err := readBytes(path, maxBytes)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(read) {
		return "", Failed("EILSEQ", "%s is not UTF-8", path)
	}
	return string(read), nil
}

func readBytes(path string, maxBytes int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// Files of /proc don't tell their size.
	read, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(read)) > maxBytes {
		return nil, Failed("EFBIG", "%s has more than %d bytes", path, maxBytes)
	}
	return read, nil
}

func writeFile(path string, bytes Content, options WriteOptions) error {
	return replaceFile(path, options, func(file io.Writer) error {
		_, err := file.Write(bytes)
		return err
	})
}

// replaceFile has the file written beside the old one, which it replaces if all goes well.
func replaceFile(path string, options WriteOptions, write func(io.Writer) error) error {
	if err := MakeDirectory(filepath.Dir(path), WriteOptions{}); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // fails after the rename, as it should
	defer file.Close()
	if err := write(file); err != nil {
		return err
	}
	if err := options.give(file.Name(), 0o644); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return Rename(file.Name(), path)
}

func appendFile(path string, bytes Content, options WriteOptions) error {
	if err := MakeDirectory(filepath.Dir(path), WriteOptions{}); err != nil {
		return err
	}
	_, err := os.Lstat(path)
	isNew := err != nil
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, options.mode(0o644)&0o700)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(bytes); err != nil {
		return err
	}
	if isNew {
		if err := options.give(path, 0o644); err != nil {
			return err
		}
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return SyncDirectory(filepath.Dir(path))
}

func writeThrough(path string, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := file.WriteString(text); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

func makeSymlink(target, path string) error {
	if err := os.Symlink(target, path); err != nil {
		return err
	}
	return SyncDirectory(filepath.Dir(path))
}

func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if filepath.Dir(from) != filepath.Dir(to) {
		if err := SyncDirectory(filepath.Dir(from)); err != nil {
			return err
		}
	}
	return SyncDirectory(filepath.Dir(to))
}

type fileInfo struct {
	Kind       string `json:"kind"`
	SizeBytes  int64  `json:"sizeBytes"`
	Mode       uint32 `json:"mode"`
	ModifiedMs int64  `json:"modifiedMs"`
}

func stat(path string) (*fileInfo, error) {
	info, err := os.Lstat(path)
	if IsMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var raw unix.Stat_t
	if err := unix.Lstat(path, &raw); err != nil {
		return nil, err
	}
	return &fileInfo{kindOf(info.Mode()), info.Size(), raw.Mode & 0o7777, info.ModTime().UnixMilli()}, nil
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "file"
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "symlink"
	case mode&fs.ModeDevice != 0 && mode&fs.ModeCharDevice == 0:
		return "block"
	}
	return "other"
}
