package node

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const bootIDFile = "/proc/sys/kernel/random/boot_id"

// AfterReboot calls clean when the machine was booted since the last start, and remembers this boot
// afterwards, so that an interrupted cleaning is done again.
func AfterReboot(remembered string, clean func() error) error {
	current, err := os.ReadFile(bootIDFile)
	if err != nil {
		return fmt.Errorf("cannot tell which boot this is: %w", err)
	}
	return whenChanged(remembered, strings.TrimSpace(string(current)), func() error {
		if err := clean(); err != nil {
			return fmt.Errorf("cannot clean up after the last boot: %w", err)
		}
		return nil
	})
}

// whenChanged calls act when the file remembers something else, and makes it remember the current text
// afterwards.
func whenChanged(remembered, current string, act func() error) error {
	last, err := os.ReadFile(remembered)
	if err == nil && strings.TrimSpace(string(last)) == current {
		return nil
	}
	if err := act(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(remembered), 0o755); err != nil {
		return err
	}
	return os.WriteFile(remembered, []byte(current+"\n"), 0o600)
}
