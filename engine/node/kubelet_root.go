package node

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// deviceNotes is where the kubelet keeps which pod has which device: always below /var/lib/kubelet, whatever its root is
// (pkg/kubelet/cm/devicemanager). Releases before December 2026 had another root.
const deviceNotes = "device-plugins/kubelet_internal_checkpoint"

// BindKubeletState has the kubelet's state seen at its root, where storage drivers look for it, with all that an earlier
// engine mounted below it: what is unmounted at one place then goes from the other, too. hides: something else was at that place,
// and is behind the mount.
func BindKubeletState(state, root string) (hides bool, err error) {
	for _, folder := range []string{state, root} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return false, err
		}
	}
	if same, err := isSameFolder(state, root); err != nil || same {
		return false, err
	}
	behind, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) { // it shows a state that was removed: nothing can be mounted on that
		if err := unix.Unmount(root, unix.MNT_DETACH); err != nil {
			return false, &os.PathError{Op: "unmount", Path: root, Err: err}
		}
		behind, err = os.ReadDir(root)
	}
	if err != nil {
		return false, err
	}
	if err := takeDeviceNotes(root, state); err != nil {
		return false, err
	}
	if err := unix.Mount(state, root, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return false, &os.PathError{Op: "bind " + state + " to", Path: root, Err: err}
	}
	return len(behind) > 0, nil
}

func isSameFolder(one, other string) (bool, error) {
	first, err := os.Stat(one)
	if err != nil {
		return false, err
	}
	second, err := os.Stat(other)
	return err == nil && os.SameFile(first, second), err
}

// takeDeviceNotes: the newer ones count, as an older engine may have run in between.
func takeDeviceNotes(from, to string) error {
	source, target := filepath.Join(from, deviceNotes), filepath.Join(to, deviceNotes)
	newer, err := os.Stat(source)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if older, err := os.Stat(target); err == nil && !older.ModTime().Before(newer.ModTime()) {
		return nil
	}
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return err
	}
	return os.WriteFile(target, text, 0o600)
}
