package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFile(t *testing.T) {
	tests := []struct {
		name             string
		size             int
		mode             os.FileMode
		problem, warning string
	}{
		{"the owner's alone", 10, 0o600, "", ""},
		{"one that others read", 10, 0o644, "", "chmod 600"},
		{"one that others write", 10, 0o666, "chmod 600", ""},
		{"one that is too big to be one", 100 << 20, 0o600, "bigger than 64 KiB", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(name, nil, test.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(name, test.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(name, int64(test.size)); err != nil {
				t.Fatal(err)
			}
			file := ReadFile(name)
			if !matches(file.Problem, test.problem) || !matches(file.Warning, test.warning) || len(file.Content) > largestFile {
				t.Errorf("got problem %q, warning %q, %d bytes", file.Problem, file.Warning, len(file.Content))
			}
		})
	}
}

func matches(got, want string) bool {
	return (got == "") == (want == "") && strings.Contains(got, want)
}

func TestAMissingFileIsAMistakeWhenItIsNamed(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "config.yaml")
	if problem := ReadFile(missing).Problem; !strings.Contains(problem, missing) {
		t.Errorf("got %q", problem)
	}
	if problem := ReadFile(t.TempDir()).Problem; !strings.Contains(problem, "directory") {
		t.Errorf("got %q", problem)
	}
}
