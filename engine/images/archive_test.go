package images

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

type file struct{ name, content string }

func archiveOf(t testing.TB, files ...file) []byte {
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
	oci         = file{"index.json", `{"manifests":[{"digest":"sha256:1","annotations":{"org.opencontainers.image.ref.name":"a:1"}}]}`}
	dockerTable = file{"manifest.json", `[{"Config":"1.json","RepoTags":["a:1","b:1"]},{"RepoTags":["c:1"]}]`}
	layer       = file{"blobs/sha256/2", strings.Repeat("x", 5000)}
	layout      = file{"oci-layout", `{"imageLayoutVersion":"1.0.0"}`}
)

func dotted(each file) file { return file{"./" + each.name, each.content} }

func manifestNamed(name string) string {
	return fmt.Sprintf(`{"digest":"sha256:1","annotations":{"org.opencontainers.image.ref.name":%q}}`, name)
}

func TestReadContents(t *testing.T) {
	tests := []struct {
		name  string
		files []file
		names string
	}{
		{"OCI", []file{oci, layer}, "docker.io/library/a:1"},
		{"OCI, the index behind the layers", []file{layer, oci}, "docker.io/library/a:1"},
		{"docker", []file{layer, dockerTable}, "docker.io/library/a:1 docker.io/library/b:1 docker.io/library/c:1"},
		{"both: the OCI index counts", []file{dockerTable, oci, layout}, "docker.io/library/a:1"},
		{"both, but no layout, so that containerd takes docker's", []file{dockerTable, oci}, "docker.io/library/a:1 docker.io/library/b:1 docker.io/library/c:1"},
		{"packed by tar --create .", []file{{"./", ""}, dotted(layout), dotted(layer), dotted(oci)}, "docker.io/library/a:1"},
		{"docker's, packed so", []file{dotted(dockerTable)}, "docker.io/library/a:1 docker.io/library/b:1 docker.io/library/c:1"},
		{"one name for two platforms", []file{{"index.json", `{"manifests":[` + manifestNamed("a:1") + "," + manifestNamed("a:1") + `]}`}}, "docker.io/library/a:1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inside, err := readContents(bytes.NewReader(archiveOf(t, test.files...)))
			if err != nil || strings.Join(inside.names, " ") != test.names || len(inside.fingerprint) != 64 {
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
	if padded, err := readContents(opened); err != nil || !reflect.DeepEqual(padded, plain) {
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
		{"a tag without a name", archiveOf(t, file{"index.json", `{"manifests":[` + manifestNamed("1.0") + `]}`}), `has a tag only, "1.0"`},
		{"what is no name", archiveOf(t, file{"index.json", `{"manifests":[` + manifestNamed("A/B:1") + `]}`}), `"A/B:1" is no name`},
		{"a Helm chart", archiveOf(t, file{"app/Chart.yaml", "name: app"}), "it is a Helm chart"},
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
