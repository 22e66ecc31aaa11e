package host

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestRunProgram(t *testing.T) {
	tests := []struct {
		name    string
		args    []string
		options runOptions
		want    runResult
	}{
		{"gives both streams and the exit code", []string{"sh", "-c", "echo out; echo err >&2; exit 3"},
			runOptions{TimeoutMs: 10_000}, runResult{3, false, "out\n", "err\n"}},
		{"passes input and environment", []string{"sh", "-c", "cat; echo $WORD"},
			runOptions{TimeoutMs: 10_000, Input: Content("in "), Env: map[string]string{"WORD": "w"}}, runResult{0, false, "in w\n", ""}},
		{"takes bytes as input", []string{"cat"}, runOptions{TimeoutMs: 10_000, Input: Content("b")}, runResult{0, false, "b", ""}},
		{"tells the signal that ended it", []string{"sh", "-c", "kill -9 $$"},
			runOptions{TimeoutMs: 10_000}, runResult{137, false, "", ""}},
		{"keeps the end of long output", []string{"sh", "-c", "echo 123456789; echo abc"},
			runOptions{TimeoutMs: 10_000, MaxOutputBytes: 4}, runResult{0, false, "abc\n", ""}},
		{"makes text of what is not UTF-8", []string{"printf", `a\377b`}, runOptions{TimeoutMs: 10_000}, runResult{0, false, "a\uFFFDb", ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := runProgram(test.args, test.options)
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestOutputIntoAFile(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o022))
	folder := t.TempDir()
	path := folder + "/output"
	script := []string{"sh", "-c", "echo out; echo err >&2; umask; : >" + folder + "/made"}
	for range 2 {
		got, err := runProgram(script, runOptions{TimeoutMs: 10_000, OutputPath: path})
		if err != nil || got != (runResult{}) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if text, err := readText(path, 100); err != nil || text != strings.Repeat("out\nerr\n0022\n", 2) {
		t.Errorf("got %q, %v", text, err)
	}
	for path, want := range map[string]uint32{path: 0o600, folder + "/made": 0o644} {
		if info, _ := stat(path); info == nil || info.Mode != want {
			t.Errorf("%s: %+v", path, info)
		}
	}
	_, err := runProgram(script, runOptions{TimeoutMs: 10_000, OutputPath: folder + "/none/output"})
	if err == nil || AsFailure(err).Code != "ENOENT" {
		t.Errorf("got %v", err)
	}
}

func TestTimeoutEndsTheWholeGroup(t *testing.T) {
	begun := time.Now()
	got, err := runProgram([]string{"sh", "-c", "echo begun; sleep 60 & sleep 60"}, runOptions{TimeoutMs: 200})
	if err != nil || !got.IsTimedOut || got.ExitCode != 137 || got.Stdout != "begun\n" {
		t.Errorf("got %+v, %v", got, err)
	}
	if time.Since(begun) > 20*time.Second {
		t.Error("it waited for the programs in the background")
	}
}

func TestADaemonDoesNotHoldItsParentsCaller(t *testing.T) {
	got, err := runProgram([]string{"sh", "-c", "sleep 5 & echo left"}, runOptions{TimeoutMs: 60_000})
	if err != nil || got.ExitCode != 0 || got.Stdout != "left\n" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestProgramsThatCannotRun(t *testing.T) {
	tests := []struct {
		name string
		args []string
		code string
	}{
		{"no such program", []string{"/nothing/here"}, "ENOENT"},
		{"no such name on PATH", []string{"nothing-of-that-name"}, "ENOENT"},
		{"a folder", []string{"/tmp"}, "EACCES"},
		{"nothing", nil, "EINVAL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := runProgram(test.args, runOptions{TimeoutMs: 1000})
			if err == nil || AsFailure(err).Code != test.code {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOutputIsBounded(t *testing.T) {
	kept := newEnd(10)
	for range 1000 {
		_, _ = kept.Write([]byte(strings.Repeat("x", 7)))
		if len(kept.kept) > 27 {
			t.Fatalf("holds %d bytes", len(kept.kept))
		}
	}
	if text := kept.text(); text != strings.Repeat("x", 10) {
		t.Errorf("kept %q", text)
	}
}
