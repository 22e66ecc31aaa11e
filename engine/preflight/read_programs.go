package preflight

import (
	"errors"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
)

func readPrograms(c config.Config) Programs {
	library, err := os.Stat(c.Library)
	p := Programs{Library: err == nil && library.IsDir(), Unusable: map[string]string{}, FoundInPath: map[string]bool{}}
	for file := range wantedPrograms(c) {
		if err := unix.Access(file, unix.X_OK); err != nil {
			p.Unusable[file] = err.Error()
		} else if folder, err := os.Stat(file); err == nil && folder.IsDir() {
			p.Unusable[file] = unix.EISDIR.Error()
		}
	}
	for _, program := range pathPrograms {
		_, err := exec.LookPath(program.name)
		p.FoundInPath[program.name] = err == nil || errors.Is(err, exec.ErrDot)
	}
	return p
}
