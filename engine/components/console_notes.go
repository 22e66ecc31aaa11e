package components

import (
	"errors"
	"os"

	"kubesolo-os/engine/durable"
)

// noteForConsole leaves a text, of a line or more, in a file that the console shows; no file where there is nothing to say.
func noteForConsole(file, text string) error {
	if text != "" {
		return durable.Replace(file, []byte(text+"\n"), 0o644)
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
