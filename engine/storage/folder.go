package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// makeFolder makes a volume's folder in a place, so that it is still there after a power loss. It may be
// there already, from an attempt that was cut short. Any user may write to it: most containers don't run
// as root; nobody else gets to it, because the place is closed.
func makeFolder(place, name string) error {
	root, err := os.OpenRoot(place)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Mkdir(name, 0o777); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	folder, err := root.OpenFile(name, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Chmod(0o777); err != nil { // the umask took something away
		return err
	}
	return syncPlace(root)
}

// removeFolder removes a volume's folder and all that is in it. It follows no symbolic link out of the
// place (os.Root), and stays on its file system: what else is mounted there isn't ours. May be repeated.
func removeFolder(place, name string) error {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	if mounted := mountBelow(string(mounts), filepath.Join(place, name)); mounted != "" {
		return fmt.Errorf("something is still mounted on %s: unmount it", mounted)
	}
	root, err := os.OpenRoot(place)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.RemoveAll(name); err != nil {
		return err
	}
	return syncPlace(root)
}

func syncPlace(root *os.Root) error {
	place, err := root.Open(".")
	if err != nil {
		return err
	}
	defer place.Close()
	return place.Sync()
}

// spaceOf is the size of the place's file system, and what a program may still write there.
func spaceOf(place string) (sizeBytes, freeBytes int64, err error) {
	var status unix.Statfs_t
	if err := unix.Statfs(place, &status); err != nil {
		return 0, 0, fmt.Errorf("cannot read the free space of %s: %w", place, err)
	}
	return int64(status.Blocks) * status.Bsize, int64(status.Bavail) * status.Bsize, nil
}

// mountBelow is a mount point at or below the folder, or "". The format is that of /proc/self/mountinfo
// (proc_pid_mountinfo(5)): the fifth field is the mount point, with blanks as \040. Pure.
func mountBelow(mountinfo, folder string) string {
	for line := range strings.Lines(mountinfo) {
		fields := strings.Fields(line)
		if len(fields) < 5 {
			continue
		}
		point := unescape.Replace(fields[4])
		if point == folder || strings.HasPrefix(point, folder+"/") {
			return point
		}
	}
	return ""
}

var unescape = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
