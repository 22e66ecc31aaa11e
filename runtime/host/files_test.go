package host

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func mode(value uint32) WriteOptions { return WriteOptions{Mode: &value} }

func TestWriteFile(t *testing.T) {
	folder := t.TempDir()
	target := filepath.Join(folder, "target")
	check(t, os.WriteFile(target, []byte("old"), 0o644))
	linked := filepath.Join(folder, "linked")
	check(t, os.Symlink(target, linked))
	tests := []struct {
		name     string
		path     string
		options  WriteOptions
		wantMode uint32
	}{
		{"makes the folders above it", filepath.Join(folder, "a/b/c"), WriteOptions{}, 0o644},
		{"replaces what is there", target, mode(0o600), 0o600},
		{"keeps the bits above permissions", filepath.Join(folder, "special"), mode(0o4755), 0o4755},
		{"replaces a link and leaves what it points to", linked, WriteOptions{}, 0o644},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			check(t, writeFile(test.path, Content("new"), test.options))
			if text, err := readText(test.path, 100); err != nil || text != "new" {
				t.Errorf("read %q, %v", text, err)
			}
			info, err := stat(test.path)
			check(t, err)
			if info.Kind != "file" || info.Mode != test.wantMode || info.SizeBytes != 3 {
				t.Errorf("found %+v", *info)
			}
		})
	}
	if names, _ := list(folder); len(names) != 4 {
		t.Errorf("left behind: %v", names)
	}
}

func TestAppendFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a/log")
	check(t, appendFile(path, Content("one\n"), mode(0o600)))
	check(t, appendFile(path, Content("two\n"), mode(0o644)))
	if text, err := readText(path, 100); err != nil || text != "one\ntwo\n" {
		t.Errorf("read %q, %v", text, err)
	}
	if info, _ := stat(path); info.Mode != 0o600 {
		t.Errorf("a file that is there keeps its mode; it has %o", info.Mode)
	}
}

func TestRefusals(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	check(t, os.WriteFile(path, []byte{0xff, 0xfe, 0xfd}, 0o644))
	tests := []struct {
		name string
		do   func() error
		code string
	}{
		{"a file that is missing", func() error { _, err := readText(folder+"/none", 10); return err }, "ENOENT"},
		{"a path below a file", func() error { _, err := readBytes(path+"/below", 10); return err }, "ENOTDIR"},
		{"a file that is larger than allowed", func() error { _, err := readBytes(path, 2); return err }, "EFBIG"},
		{"text that is not UTF-8", func() error { _, err := readText(path, 10); return err }, "EILSEQ"},
		{"a folder as a file", func() error { _, err := readBytes(folder, 10); return err }, "EISDIR"},
		{"a folder where a file is", func() error { return MakeDirectory(path, WriteOptions{}) }, "ENOTDIR"},
		{"writing below a file", func() error { return writeFile(path+"/below", nil, WriteOptions{}) }, "ENOTDIR"},
		{"writing through to what is missing", func() error { return writeThrough(folder+"/none", "1") }, "ENOENT"},
		{"a link where something is", func() error { return makeSymlink("x", path) }, "EEXIST"},
		{"moving what is missing", func() error { return Rename(folder+"/none", path) }, "ENOENT"},
		{"a list of what is missing", func() error { _, err := list(folder + "/none"); return err }, "ENOENT"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.do()
			if err == nil {
				t.Fatal("no error")
			}
			if code := AsFailure(err).Code; code != test.code {
				t.Errorf("code %s, not %s: %v", code, test.code, err)
			}
		})
	}
}

func TestStatOfNothing(t *testing.T) {
	for _, path := range []string{"/nothing/here", "/proc/version/below"} {
		if info, err := stat(path); info != nil || err != nil {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}

func TestRemove(t *testing.T) {
	folder := t.TempDir()
	outside := filepath.Join(folder, "outside")
	check(t, os.WriteFile(outside, nil, 0o644))
	check(t, os.MkdirAll(filepath.Join(folder, "tree/deep"), 0o755))
	check(t, os.Symlink(outside, filepath.Join(folder, "tree/deep/link")))
	for range 2 { // the second time it is missing
		check(t, remove(filepath.Join(folder, "tree")))
	}
	if names, _ := list(folder); len(names) != 1 || names[0] != "outside" {
		t.Errorf("left: %v", names)
	}
}

func TestRemoveLeavesOtherFileSystems(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	folder := t.TempDir()
	mounted := filepath.Join(folder, "tree/mounted")
	check(t, os.MkdirAll(mounted, 0o755))
	check(t, unix.Mount("none", mounted, "tmpfs", 0, ""))
	defer func() { check(t, unix.Unmount(mounted, 0)) }()
	check(t, os.WriteFile(filepath.Join(mounted, "kept"), nil, 0o644))
	for _, path := range []string{"tree", "tree/mounted"} {
		if code := AsFailure(remove(filepath.Join(folder, path))).Code; code != "EXDEV" {
			t.Errorf("%s: code %s", path, code)
		}
	}
	if _, err := os.Stat(filepath.Join(mounted, "kept")); err != nil {
		t.Error(err)
	}
}

func TestRenameReplaces(t *testing.T) {
	folder := t.TempDir()
	from, to := filepath.Join(folder, "a/from"), filepath.Join(folder, "b/to")
	check(t, writeFile(from, Content("new"), WriteOptions{}))
	check(t, writeFile(to, Content("old"), WriteOptions{}))
	check(t, Rename(from, to))
	if text, err := readText(to, 10); err != nil || text != "new" {
		t.Errorf("read %q, %v", text, err)
	}
	if _, err := os.Stat(from); !os.IsNotExist(err) {
		t.Error("it is still there")
	}
}

func TestFreeBytes(t *testing.T) {
	free, err := freeBytes(t.TempDir())
	if err != nil || free <= 0 {
		t.Errorf("%d, %v", free, err)
	}
	if _, err := freeBytes("/nothing"); AsFailure(err).Code != "ENOENT" {
		t.Error(err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
