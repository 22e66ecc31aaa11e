package given

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// spoil puts into a folder what people and pods can make there; none of it can be read.
func spoil(t *testing.T, folder string) {
	t.Helper()
	at := func(name string) string { return filepath.Join(folder, name) }
	must(t, os.Mkdir(at("1-folder.conf"), 0o755))
	must(t, os.Symlink("nowhere", at("2-link.conf")))
	must(t, os.Symlink("3-loop.conf", at("3-loop.conf")))
	must(t, syscall.Mkfifo(at("4-pipe.conf"), 0o644))
	must(t, os.Symlink("/dev/zero", at("5-endless.conf")))
	socket, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	must(t, err)
	defer syscall.Close(socket)
	must(t, syscall.Bind(socket, &syscall.SockaddrUnix{Name: at("6-socket.conf")}))
	must(t, os.WriteFile(at("7-large.conf"), nil, 0o644))
	must(t, os.Truncate(at("7-large.conf"), 1<<40))
}

func TestAFolderIsReadWhateverLiesThere(t *testing.T) {
	folder := t.TempDir()
	spoil(t, folder)
	must(t, os.WriteFile(filepath.Join(folder, "8-good.conf"), []byte("good"), 0o644))
	must(t, os.Symlink("8-good.conf", filepath.Join(folder, "9-link.conf")))
	must(t, os.WriteFile(filepath.Join(folder, "README"), []byte("of another ending"), 0o644))

	files, leftOut := ReadFolder(folder, ".conf", ".json")
	if len(files) != 2 || files[0].Name != "8-good.conf" || string(files[1].Text) != "good" {
		t.Errorf("read %v", files)
	}
	wanted := []string{
		"1-folder.conf: it is a folder, not a file", "2-link.conf: no such file or directory", "3-loop.conf: too many levels of symbolic links",
		"4-pipe.conf: it is a pipe, not a file", "5-endless.conf: it is a device, not a file", "6-socket.conf: it is a socket, not a file",
		"7-large.conf: it is larger than 1 MiB",
	}
	if got := strings.Join(leftOut, "\n"); got != strings.Join(wanted, "\n") {
		t.Errorf("left out:\n%s", got)
	}
}

func TestAFolderHasItsLimits(t *testing.T) {
	folder := t.TempDir()
	for i := range 6 {
		must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.conf", i)), bytes.Repeat([]byte("a"), largestFile), 0o644))
	}
	if files, leftOut := ReadFolder(folder, ".conf"); len(files) != 4 || len(leftOut) != 2 || !strings.Contains(leftOut[0], "4 MiB") {
		t.Errorf("%d files, left out %q", len(files), leftOut)
	}
	folder = t.TempDir()
	for i := range mostFiles + 50 {
		must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d.conf", i)), nil, 0o644))
	}
	if files, leftOut := ReadFolder(folder, ".conf"); len(files) != mostFiles || len(leftOut) != 1 || !strings.HasPrefix(leftOut[0], "0256.conf and what comes after it") {
		t.Errorf("%d files, left out %q", len(files), leftOut)
	}
}

func TestWhatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if files, leftOut := ReadFolder(file, ".conf"); len(files) > 0 || len(leftOut) > 0 {
		t.Errorf("none: %v, %q", files, leftOut)
	}
	must(t, os.WriteFile(file, nil, 0o644))
	if files, leftOut := ReadFolder(file, ".conf"); len(files) > 0 || len(leftOut) != 1 {
		t.Errorf("a file: %v, %q", files, leftOut)
	}
}
