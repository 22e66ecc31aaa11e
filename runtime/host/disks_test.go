package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A table made by sfdisk.
func disk(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "disk")
	check(t, os.WriteFile(path, nil, 0o600))
	check(t, os.Truncate(path, 64<<20))
	if _, err := exec.LookPath("sfdisk"); err != nil {
		t.Skip("there is no sfdisk")
	}
	command := exec.Command("sfdisk", "--quiet", path)
	command.Stdin = strings.NewReader(`label: gpt
start=2048, size=4096, name=KSOLOEFI, uuid=11111111-2222-3333-4444-555555555555
start=8192, size=2048, name="Größe"
`)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("sfdisk: %v: %s", err, output)
	}
	return path
}

func TestReadPartitions(t *testing.T) {
	found, err := readPartitions(disk(t))
	check(t, err)
	if len(found) != 2 {
		t.Fatalf("found %+v", found)
	}
	want := partition{1, "KSOLOEFI", "11111111-2222-3333-4444-555555555555", 2048 * 512, 4096 * 512}
	if found[0] != want || found[1].Name != "Größe" || found[1].Number != 2 {
		t.Errorf("found %+v", found)
	}
}

func TestDamagedPartitionTables(t *testing.T) {
	for name, damage := range map[string]int64{"the header": 512 + 40, "the entries": 1024 + 60, "the signature": 512} {
		t.Run(name, func(t *testing.T) {
			path := disk(t)
			check(t, writeBlocks(path, damage, []byte{0x99}))
			if _, err := readPartitions(path); err == nil || AsFailure(err).Code != "EBADMSG" {
				t.Errorf("got %v", err)
			}
		})
	}
	empty := filepath.Join(t.TempDir(), "empty")
	check(t, os.WriteFile(empty, nil, 0o600))
	if _, err := readPartitions(empty); err == nil {
		t.Error("no error")
	}
}

func TestBlocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "device")
	check(t, os.WriteFile(path, []byte("0123456789"), 0o600))
	check(t, writeBlocks(path, 3, []byte("xyz")))
	if read, err := readBlocks(path, 2, 5); err != nil || string(read) != "2xyz6" {
		t.Errorf("read %q, %v", read, err)
	}
	if _, err := readBlocks(path, 8, 5); err == nil || AsFailure(err).Code != "EIO" {
		t.Errorf("beyond the end: %v", err)
	}
	if err := writeBlocks(path+"none", 0, []byte("x")); err == nil || AsFailure(err).Code != "ENOENT" {
		t.Errorf("no device: %v", err)
	}
}
