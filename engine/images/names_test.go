package images

import (
	"strings"
	"testing"

	"github.com/containerd/containerd/v2/core/images"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

func TestNameOf(t *testing.T) {
	tests := []struct{ name, image, ref, want string }{
		{"a short name with a tag", "", "busybox:1", "docker.io/library/busybox:1"},
		{"a name without a tag", "", "localhost/app", "localhost/app:latest"},
		{"as docker writes it: a name, and its tag", "docker.io/library/busybox:1", "1", "docker.io/library/busybox:1"},
		{"a short name that is meant as one", "busybox", "", "docker.io/library/busybox:latest"},
		{"none", "", "", ""},
		{"a tag", "", "1.0", "has a tag only"},
		{"a tag that looks like a name", "", "latest", "has a tag only"},
		{"not a name", "NOT A NAME", "", "is no name"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := nameOf(map[string]string{images.AnnotationImageName: test.image, ocispec.AnnotationRefName: test.ref})
			if err != nil {
				got = err.Error()
			}
			if got != test.want && (err == nil || !strings.Contains(got, test.want)) {
				t.Errorf("got %s", got)
			}
		})
	}
}
