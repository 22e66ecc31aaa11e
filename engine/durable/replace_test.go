package durable

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestReplaceWaitsForNobody(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	for _, path := range []string{file, file + ".new"} {
		if err := syscall.Mkfifo(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Replace(file, []byte("new"), 0o640); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if status, _ := os.Stat(file); err != nil || string(text) != "new" || status.Mode() != 0o640 {
		t.Errorf("%q, %v, %v", text, status.Mode(), err)
	}
}
