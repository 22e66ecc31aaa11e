package node

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ForgetCPUs removes the kubelet's notes about which pod has which CPU when it would refuse to start
// with them: they were made under other settings. Pods keep what they have until they start again.
func ForgetCPUs(kubeletRoot, settings string) error {
	return whenChanged(filepath.Join(kubeletRoot, "cpu_manager_settings"), settings, func() error {
		err := os.Remove(filepath.Join(kubeletRoot, "cpu_manager_state"))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}
