package images

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/containerd/containerd/v2/core/images"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

func TestParseCommandRefuses(t *testing.T) {
	tests := []struct{ args, want string }{
		{"", "what to do? list, import, tag, remove, pin, prune"},
		{"pull x", `unknown command "pull"`},
		{"list x", `"x" is too much`},
		{"import", "which file?"},
		{"import --all a.tar", `unknown flag "--all"`},
		{"import --name", "--name needs a name"},
		{"import --name A:1 a.tar", `"A:1" is no name`},
		{"import --name a:1 a.tar b.tar", "--name is for one file"},
		{"import --no-pin", "which file?"},
		{"tag a", "which image, and which name?"},
		{"tag a B", `"B" is no name`},
		{"tag a b@sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0", "is a digest"},
		{"remove", "which image?"},
		{"remove --force a", `unknown flag "--force"`},
		{"pin", "which image?"},
		{"pin --on a", `unknown flag "--on"`},
		{"prune --dryrun", `unknown flag "--dryrun"`},
		{"prune a", `unknown argument "a"`},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			_, err := parseCommand(strings.Fields(test.args))
			var usage UsageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "--help") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestHelpNeedsNoEngine(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"prune", "-h"}} {
		var out bytes.Buffer
		if err := Command(t.Context(), "/nowhere", args, nil, &out); err != nil || out.String() != Help {
			t.Errorf("%v: got %q, %v", args, out.String(), err)
		}
	}
}

func TestCommandsWithoutAnEngine(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "socket")
	for _, args := range [][]string{{"list"}, {"prune"}, {"import", "-"}, {"tag", "a", "b"}, {"remove", "a"}, {"pin", "a"}} {
		err := Command(t.Context(), nowhere, args, strings.NewReader("x"), io.Discard)
		if err == nil || !strings.Contains(err.Error(), "the engine is not running") {
			t.Errorf("%v: got %v", args, err)
		}
	}
}

func TestImportLooksAtAllFilesFirst(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.tar")
	if err := os.WriteFile(good, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"/nowhere/a.tar", t.TempDir()} {
		err := Command(t.Context(), "/nowhere", []string{"import", good, bad}, nil, io.Discard)
		if err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("got %v", err)
		}
	}
}

func TestCheckStart(t *testing.T) {
	tests := []struct{ name, start, want string }{
		{"nothing", "", "empty"},
		{"xz", "\xfd7zXZ\x00abc", "xz -d"},
		{"bzip2", "BZh9", "bzip2 -d"},
		{"zip", "PK\x03\x04", "zip"},
		{"gzip", "\x1f\x8b\x08", ""},
		{"a tar archive", "index.json\x00", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := checkStart([]byte(test.start))
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{nil, ""},
		{io.ErrUnexpectedEOF, "cut off"},
		{fmt.Errorf("import: %w", tar.ErrHeader), "no tar archive"},
		{gzip.ErrChecksum, "damaged"},
		{errNoName, "no image in it"},
		{errors.New("unrecognized image format"), "a Helm chart, for one, is no image"},
	}
	for _, test := range tests {
		if err := explain(test.err); (err == nil) != (test.err == nil) || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: got %v", test.err, err)
		}
	}
}

func record(name, target string, labels map[string]string) images.Image {
	return images.Image{Name: name, Labels: labels, Target: ocispec.Descriptor{Digest: digest.FromString(target)}}
}

func TestUnused(t *testing.T) {
	all := group([]images.Image{
		record("localhost/pause:1", "pause", map[string]string{pinnedLabel: pinned}),
		record("sha256:1", "pause", nil),
		record("docker.io/library/nginx:1", "nginx", nil),
		record("docker.io/library/nginx:2", "nginx", nil),
		record("sha256:2", "nginx", nil),
		record("docker.io/library/old@sha256:abc", "old", nil),
		record("sha256:3", "old", nil),
	})
	tests := []struct {
		name string
		used []string
		want string
	}{
		{"nothing runs: all but the pinned one", nil, "docker.io/library/nginx:1,docker.io/library/nginx:2 docker.io/library/old@sha256:abc"},
		{"in use by another of its names", []string{"docker.io/library/nginx:2"}, "docker.io/library/old@sha256:abc"},
		{"in use by its identifier", []string{"sha256:2", "sha256:3"}, ""},
		{"containers of images that are gone", []string{"x:1"}, "docker.io/library/nginx:1,docker.io/library/nginx:2 docker.io/library/old@sha256:abc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var titles []string
			for _, each := range unused(all, test.used) {
				titles = append(titles, each.title())
			}
			if got := strings.Join(titles, " "); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestHumanBytes(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0.0 KiB", 13000: "12.7 KiB", 5 << 20: "5.0 MiB", 3 << 30: "3.0 GiB"} {
		if got := humanBytes(bytes); got != want {
			t.Errorf("%d: got %s", bytes, got)
		}
	}
}
