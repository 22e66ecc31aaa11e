package components

import (
	"errors"
	"os"
)

// CleanAfterReboot removes what containerd and the CNI programs noted about pods that are gone: it is
// on a tmpfs and gone, too, on the device, but not everywhere the engine may run.
func CleanAfterReboot() error {
	var failures []error
	for _, folder := range []string{containerdState, podAddresses, "/var/lib/cni/results"} {
		failures = append(failures, os.RemoveAll(folder))
	}
	return errors.Join(failures...)
}
