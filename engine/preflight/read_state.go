package preflight

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
)

// foldersElse are written to besides the state.
var foldersElse = []string{config.RunDirectory, filepath.Dir(config.ContainerdSocket), config.KubeletRoot, "/var/log/pods", "/var/log/containers"}

func readState(c config.Config, note func(string, error)) State {
	s := State{NotWritableElse: map[string]string{}, Shared: true, FreeBytes: lowBytes}
	s.Existing, s.NotDirectory = nearest(c.Path)
	if s.NotDirectory != "" {
		return s
	}
	if err := unix.Access(s.Existing, unix.W_OK|unix.X_OK); err != nil {
		s.NotWritable = err.Error()
	}
	for _, folder := range foldersElse {
		existing, other := nearest(folder)
		if other != "" {
			s.NotWritableElse[folder] = other + " is no folder"
		} else if err := unix.Access(existing, unix.W_OK|unix.X_OK); err != nil {
			s.NotWritableElse[folder] = err.Error()
		}
	}
	var disk unix.Statfs_t
	if err := unix.Statfs(s.Existing, &disk); err != nil {
		note("how much room there is in "+s.Existing, err)
	} else {
		s.FileSystem = int64(disk.Type)
		s.NoExec, s.NoDev = disk.Flags&unix.ST_NOEXEC != 0, disk.Flags&unix.ST_NODEV != 0
		s.FreeBytes = disk.Bfree * uint64(disk.Bsize)
		s.FreeFiles, s.TotalFiles = disk.Ffree, disk.Files
	}
	var status unix.Stat_t
	if err := unix.Stat(s.Existing, &status); err != nil {
		note("who owns "+s.Existing, err)
	} else {
		// A folder where everybody may make files, but nobody may remove those of others, is fine.
		s.OwnerUID, s.OthersMayWrite = int(status.Uid), status.Mode&0o022 != 0 && status.Mode&unix.S_ISVTX == 0
	}
	if mounts, err := readMounts(); err == nil {
		s.Shared = mounts.of(resolved(s.Existing)).shared
	}
	var err error
	s.Database, err = readDatabase(c)
	note("what is in "+c.DatabaseFile(), err)
	return s
}

// nearest is the folder itself or the nearest above it that exists, and what is in the way of making it.
func nearest(folder string) (existing, inTheWay string) {
	for ; ; folder = filepath.Dir(folder) {
		status, err := os.Stat(folder)
		switch {
		case err == nil && status.IsDir():
			return folder, ""
		case err == nil:
			return "", folder
		case folder == "/":
			return folder, ""
		}
	}
}

func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

func readDatabase(c config.Config) (Database, error) {
	d := Database{ClusterExist: exists(filepath.Join(c.KubeletState(), "pods"))}
	d.File = c.DatabaseFile()
	file, err := os.Open(d.File)
	if errors.Is(err, fs.ErrNotExist) {
		d.File = c.EarlierDatabase()
		file, err = os.Open(d.File)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	defer file.Close()
	status, err := file.Stat()
	if err != nil {
		return d, err
	}
	d.Present, d.Size = true, status.Size()
	if log, err := os.Stat(d.File + "-wal"); err == nil {
		d.LogSize = log.Size()
	}
	header := make([]byte, len(sqliteHeader))
	length, err := io.ReadFull(file, header)
	d.Header = string(header[:length])
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return d, err
}
