package host

import (
	"fmt"
	"os"
)

func print(stream, text string) error {
	file := os.Stderr
	if stream == "stdout" {
		file = os.Stdout
	}
	_, err := fmt.Fprintln(file, text)
	return err
}
