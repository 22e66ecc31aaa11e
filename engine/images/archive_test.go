package images

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type file struct{ name, content string }

func archiveOf(t *testing.T, files ...file) []byte {
	t.Helper()
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	for _, each := range files {
		if err := writer.WriteHeader(&tar.Header{Name: each.name, Mode: 0o644, Size: int64(len(each.content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(writer, each.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

var (
	oci    = file{"index.json", `{"manifests":[{"digest":"sha256:1","annotations":{"org.opencontainers.image.ref.name":"a:1"}}]}`}
	docker = file{"manifest.json", `[{"Config":"1.json","RepoTags":["a:1","b:1"]},{"RepoTags":["c:1"]}]`}
	layer  = file{"blobs/sha256/2", strings.Repeat("x", 5000)}
)

func TestReadContents(t *testing.T) {
	tests := []struct {
		name  string
		files []file
		names int
	}{
		{"OCI", []file{oci, layer}, 1},
		{"OCI, the index behind the layers", []file{layer, oci}, 1},
		{"docker", []file{layer, docker}, 3},
		{"both: the OCI index counts", []file{docker, oci}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inside, err := readContents(bytes.NewReader(archiveOf(t, test.files...)))
			if err != nil || inside.names != test.names || len(inside.fingerprint) != 64 {
				t.Errorf("got %+v, %v", inside, err)
			}
		})
	}
}

func TestReadContentsOfADeviceWithPadding(t *testing.T) {
	archive := archiveOf(t, oci, layer)
	plain, err := readContents(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	device := filepath.Join(t.TempDir(), "device")
	if err := os.WriteFile(device, append(archive, make([]byte, 1<<20)...), 0o600); err != nil {
		t.Fatal(err)
	}
	opened, err := os.Open(device)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if padded, err := readContents(opened); err != nil || padded != plain {
		t.Errorf("got %+v, %v", padded, err)
	}
}

func TestFingerprintFollowsTheContents(t *testing.T) {
	first, _ := readContents(bytes.NewReader(archiveOf(t, oci)))
	changed := file{oci.name, strings.Replace(oci.content, "sha256:1", "sha256:3", 1)}
	second, _ := readContents(bytes.NewReader(archiveOf(t, changed)))
	if first.fingerprint == second.fingerprint {
		t.Error("another image has the same fingerprint")
	}
}

func TestReadContentsRefuses(t *testing.T) {
	tests := []struct {
		name    string
		archive []byte
		want    string
	}{
		{"what is no archive", []byte(strings.Repeat("hello ", 200)), "not a tar archive"},
		{"a cut archive", archiveOf(t, layer, oci)[:3000], "damaged"},
		{"an archive without images", archiveOf(t, layer), "neither an OCI nor a docker"},
		{"an empty device", make([]byte, 4096), "neither an OCI nor a docker"},
		{"images without a name", archiveOf(t, file{"index.json", `{"manifests":[{"digest":"sha256:1"}]}`}), "no image in it has a name"},
		{"a damaged index", archiveOf(t, file{"index.json", `{`}), "cannot parse index.json"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := readContents(bytes.NewReader(test.archive))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestKubernetesName(t *testing.T) {
	for name, want := range map[string]string{
		"busybox:1":         "docker.io/library/busybox:1",
		"localhost/pause:1": "localhost/pause:1",
		"NOT A NAME":        "NOT A NAME",
	} {
		if got := kubernetesName(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
