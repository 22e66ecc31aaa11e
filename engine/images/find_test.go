package images

import (
	"strings"
	"testing"

	"github.com/containerd/containerd/v2/core/images"
)

func TestFind(t *testing.T) {
	all := group([]images.Image{
		record("docker.io/library/nginx:1", "nginx", nil),
		record("sha256:12ab", "nginx", nil),
		record("docker.io/library/other:1", "other", nil),
		record("sha256:12cd", "other", nil),
	})
	tests := []struct{ word, want, name string }{
		{"nginx:1", "docker.io/library/nginx:1", "docker.io/library/nginx:1"},
		{"docker.io/library/other:1", "docker.io/library/other:1", "docker.io/library/other:1"},
		{"sha256:12a", "docker.io/library/nginx:1", ""},
		{all[1].digest.String()[:20], "docker.io/library/other:1", ""},
		{"nginx", "there is no image", ""}, // that is nginx:latest
		{"sha256:12", "the beginning of 2 images' digests", ""},
		{"sha256:9", "there is no image", ""},
		{"A B", "is no name", ""},
	}
	for _, test := range tests {
		t.Run(test.word, func(t *testing.T) {
			found, name, err := find(all, test.word)
			got := strings.Join(found.names, " ")
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, test.want) || name != test.name {
				t.Errorf("got %s, %q", got, name)
			}
		})
	}
}

func TestWithoutTag(t *testing.T) {
	names := []string{"docker.io/library/a:1", "docker.io/library/a:2", "docker.io/library/a@sha256:1", "localhost/b:1", "localhost/b@sha256:1", "sha256:9"}
	tests := []struct {
		name, tag string
		names     []string
		want      string
	}{
		{"another tag of the repository stays", "docker.io/library/a:1", names, "docker.io/library/a:1"},
		{"a repository's last, with its digests", "localhost/b:1", names, "localhost/b:1 localhost/b@sha256:1"},
		{"the image's last: all of it", "localhost/b:1", names[3:], "localhost/b:1 localhost/b@sha256:1 sha256:9"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(stored{names: test.names}.withoutTag(test.tag).names, " "); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}
