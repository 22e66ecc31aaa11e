package images

import (
	"fmt"
	"strings"

	"github.com/containerd/containerd/v2/core/images"
	"github.com/distribution/reference"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// nameOf is what an index calls one of its images, in full; "" for one without a name. Pure.
func nameOf(annotations map[string]string) (string, error) {
	if name := annotations[images.AnnotationImageName]; name != "" {
		return fullName(name)
	}
	name := annotations[ocispec.AnnotationRefName]
	if name == "" {
		return "", nil
	}
	// OCI has a tag there, many tools a whole name. A tag alone would become a name: docker.io/library/1.0:latest.
	if !strings.ContainsAny(name, "/:@") {
		return "", fmt.Errorf("an image in it has a tag only, %q, and no name; give it one: kubesolo images import --name registry.example/app:%s FILE, or name it when the archive is made", name, name)
	}
	return fullName(name)
}

// fullName is the form of a name in which the kubelet asks for it: busybox:1 is docker.io/library/busybox:1. Pure.
func fullName(name string) (string, error) {
	full, err := reference.ParseDockerRef(name)
	if err != nil {
		return "", fmt.Errorf("%q is no name for an image: %w", name, err)
	}
	return full.String(), nil
}

// repository is a name without tag and digest. Pure.
func repository(name string) string {
	parsed, err := reference.ParseDockerRef(name)
	if err != nil {
		return ""
	}
	return parsed.Name()
}

// isTag: neither a digest nor the identifier that the kubelet uses. Pure.
func isTag(name string) bool {
	return !strings.Contains(name, "@") && !strings.HasPrefix(name, "sha256:")
}
