package preflight

import (
	"fmt"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
)

// Holder is another engine that runs on the same state.
type Holder struct {
	Present bool
	PID     int // 0 when it can't be seen from here
}

// State is the folder with all state, or where it is going to be.
type State struct {
	NotDirectory    string // a file that is in the way
	Existing        string // the folder itself, or the nearest one above it
	NotWritable     string // why Existing can't be written to
	FileSystem      int64  // magic number, statfs(2)
	NoExec, NoDev   bool
	OwnerUID        int
	OthersMayWrite  bool
	FreeBytes       uint64 // as root has them
	FreeFiles       uint64
	TotalFiles      uint64 // 0: the file system has no such limit
	Shared          bool   // mounts below it are seen in containers, and theirs here
	Database        Database
	NotWritableElse map[string]string // other folders that are written to → why they can't be
}

// Database is the file with the cluster's objects.
type Database struct {
	File         string // where it is, or where that of an earlier release is, which is taken over
	Present      bool
	Size         int64
	Header       string // the first 16 bytes
	LogSize      int64  // of the write-ahead log
	ClusterExist bool   // the kubelet has run before, so there was a cluster
}

// What a start writes at least; the database alone needs 4 MB for its log.
const (
	leastBytes = 16 << 20
	lowBytes   = 256 << 20
	leastFiles = 256
)

// fileSystemsThatFail can't hold the lower and upper folders of an overlay, or SQLite's locks.
var fileSystemsThatFail = map[int64]string{
	unix.NFS_SUPER_MAGIC:       "nfs",
	unix.SMB2_SUPER_MAGIC:      "cifs",
	unix.CIFS_SUPER_MAGIC:      "cifs",
	unix.V9FS_MAGIC:            "9p",
	unix.MSDOS_SUPER_MAGIC:     "vfat",
	0x2011BAB0:                 "exfat",
	unix.FUSE_SUPER_MAGIC:      "fuse",
	unix.OVERLAYFS_SUPER_MAGIC: "overlay",
}

const sqliteHeader = "SQLite format 3\x00" // https://www.sqlite.org/fileformat.html, 1.3

func checkHolder(h Holder, c config.Config) []Problem {
	who := ""
	if h.PID != 0 {
		who = fmt.Sprintf(", process %d,", h.PID)
	}
	return []Problem{fatal("stop it first, or pass another --path", "another engine%s already runs on %s", who, c.Path)}
}

func checkState(s State, c config.Config) (problems []Problem) {
	add := func(p Problem) { problems = append(problems, p) }
	const elsewhere = "pass another --path"
	if s.NotDirectory != "" {
		return []Problem{fatal("move it away, or "+elsewhere, "%s is in the way of the state folder %s: it is no folder", s.NotDirectory, c.Path)}
	}
	if s.NotWritable != "" {
		return []Problem{fatal("mount it writable, or "+elsewhere, "cannot write to %s, where all state is kept: %s", s.Existing, s.NotWritable)}
	}
	if name := fileSystemsThatFail[s.FileSystem]; name != "" {
		add(fatal("use ext4 or xfs, or "+elsewhere, "%s is on %s, which can't hold containers", s.Existing, name))
	}
	if s.FileSystem == unix.TMPFS_MAGIC || s.FileSystem == unix.RAMFS_MAGIC {
		add(warning("mount a disk there to keep it", "%s is in memory: the whole cluster is gone after a reboot", s.Existing))
	}
	if s.NoExec {
		add(warning("mount it with exec", "%s is mounted noexec: programs in volumes won't start", s.Existing))
	}
	if s.NoDev {
		add(warning("mount it with dev", "%s is mounted nodev: devices in volumes won't open", s.Existing))
	}
	if s.OwnerUID != 0 || s.OthersMayWrite {
		add(warning("chown root "+s.Existing+"; chmod go-w "+s.Existing, "others than root may write to %s, where the cluster's keys are", s.Existing))
	}
	if !s.Shared {
		add(warning("mount --make-rshared /", "mounts below %s are not shared: storage drivers in pods won't work", s.Existing))
	}
	for _, folder := range sortedKeys(s.NotWritableElse) {
		add(fatal("mount it writable, or a tmpfs there", "cannot write to %s: %s", folder, s.NotWritableElse[folder]))
	}
	return append(append(problems, checkSpace(s)...), checkDatabase(s.Database)...)
}

func checkSpace(s State) []Problem {
	switch {
	case s.FreeBytes < leastBytes:
		return []Problem{fatal("free some: container logs are in /var/log/pods, images and containers in containerd/ below it",
			"the disk of %s is full: %d MB are left, %d are needed to start", s.Existing, s.FreeBytes>>20, leastBytes>>20)}
	case s.TotalFiles > 0 && s.FreeFiles < leastFiles:
		return []Problem{fatal("remove some files", "the disk of %s can't hold more files: %d are left", s.Existing, s.FreeFiles)}
	case s.FreeBytes < lowBytes:
		return []Problem{warning("free some", "the disk of %s is nearly full: %d MB are left", s.Existing, s.FreeBytes>>20)}
	}
	return nil
}

func checkDatabase(d Database) []Problem {
	const hint = "restore it from a backup; to begin with an empty cluster instead, move all of that folder away"
	switch {
	case !d.Present:
		return nil
	case d.Size == 0 && d.LogSize == 0 && d.ClusterExist:
		return []Problem{fatal(hint, "the database %s is empty, but there was a cluster; nothing was changed", d.File)}
	case d.Size > 0 && d.Header != sqliteHeader:
		return []Problem{fatal(hint, "%s is no SQLite database; nothing was changed", d.File)}
	}
	return nil
}
