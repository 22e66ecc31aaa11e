package images

import (
	"bytes"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

func namesIn(t *testing.T, store *Store) string {
	t.Helper()
	all, err := store.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, each := range all {
		names = append(names, each.Name)
	}
	return strings.Join(names, " ")
}

func TestImportNamesAnImageByItsDigests(t *testing.T) {
	archive := &made{t: t}
	one := archive.image(here)
	both := archive.indexOf(on(archive.image(elsewhere), elsewhere), on(one, here))
	content := archive.named("localhost/one:1", one).named("localhost/both:1", both).archive(dotted)
	store := storeInFolder(t)
	names, err := store.importArchive(t.Context(), bytes.NewReader(content), importOptions{labels: map[string]string{pinnedLabel: pinned}})
	if err != nil || strings.Join(names, " ") != "localhost/one:1 localhost/both:1" {
		t.Fatalf("got %v, %v", names, err)
	}
	want := []string{
		"localhost/both:1", "localhost/one:1", "localhost/one@" + one.Digest.String(),
		"localhost/both@" + both.Digest.String(), "localhost/both@" + one.Digest.String(),
	}
	for _, name := range want {
		image, err := store.client.ImageService().Get(inNamespace(t.Context()), name)
		if err != nil || image.Labels[pinnedLabel] != pinned {
			t.Errorf("%s: %v, %v", name, image.Labels, err)
		}
	}
	if got := namesIn(t, store); len(strings.Fields(got)) != len(want) {
		t.Errorf("got %s", got)
	}
}

func TestImportByAnotherName(t *testing.T) {
	archive := &made{t: t}
	one := archive.image(here)
	content := archive.named("1.0", one).archive(asItIs)
	store := storeInFolder(t)
	names, err := store.importArchive(t.Context(), bytes.NewReader(content), importOptions{name: "localhost/app:1.0"})
	if err != nil || strings.Join(names, " ") != "localhost/app:1.0" {
		t.Errorf("got %v, %v", names, err)
	}
}

// What is refused leaves nothing behind, whatever else is in the archive.
func TestImportRefuses(t *testing.T) {
	badLayer := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageLayer, Digest: digest.FromString("missing"), Size: 7}
	tests := []struct {
		name string
		make func(*made) *made
		want string
	}{
		{"an image for another platform", func(m *made) *made { return m.named("localhost/a:1", m.image(elsewhere)) },
			"localhost/a:1: it is for linux/s390x, and this node is linux/" + here},
		{"an index without this platform", func(m *made) *made {
			return m.named("localhost/a:1", m.indexOf(on(m.image(elsewhere), elsewhere), on(m.image("riscv64"), "riscv64")))
		}, "it is for linux/riscv64, linux/s390x, and this node"},
		{"an index that says it is for this platform, and isn't", func(m *made) *made {
			return m.named("localhost/a:1", m.indexOf(on(m.image(elsewhere), here)))
		}, "it is for linux/s390x"},
		{"a good one and one for another platform", func(m *made) *made {
			return m.named("localhost/good:1", m.image(here)).named("localhost/a:1", m.image(elsewhere))
		}, "localhost/a:1: it is for"},
		{"a Helm chart", func(m *made) *made { return m.named("localhost/chart:1", m.manifest(helmConfig, "")) }, "it is a Helm chart"},
		{"what else registries keep", func(m *made) *made {
			return m.named("localhost/policy:1", m.manifest("application/vnd.example.policy+json", ""))
		}, `it is no image, but "application/vnd.example.policy+json"`},
		{"a blob", func(m *made) *made { return m.named("localhost/a:1", m.blob("text/plain", "a")) }, `it is no image, but "text/plain"`},
		{"a bare tag", func(m *made) *made { return m.named("1.0", m.image(here)) }, "has a tag only"},
		{"a name that is another digest's", func(m *made) *made {
			return m.named("localhost/a@"+digest.FromString("other").String(), m.image(here))
		}, "has another digest"},
		{"a layer that isn't there, behind a good image", func(m *made) *made {
			return m.named("localhost/good:1", m.image(here)).named("localhost/a:1", m.manifest(ocispec.MediaTypeImageConfig, here, badLayer))
		}, "cannot unpack localhost/a:1"},
		{"indexes in indexes", func(m *made) *made {
			inner := m.image(here)
			for range deepestIndex {
				inner = m.indexOf(inner)
			}
			return m.named("localhost/a:1", inner)
		}, "names indexes only"},
		{"a manifest that isn't there", func(m *made) *made {
			missing := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromString("missing"), Size: 7}
			return m.named("localhost/a:1", missing)
		}, "not found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := storeInFolder(t)
			content := test.make(&made{t: t}).archive(asItIs)
			_, err := store.importArchive(t.Context(), bytes.NewReader(content), importOptions{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
			if names := namesIn(t, store); names != "" {
				t.Errorf("left behind: %s", names)
			}
		})
	}
}

func TestOneNameForSeveralPlatforms(t *testing.T) {
	archive := &made{t: t}
	archive.named("localhost/a:1", archive.image(elsewhere)).named("localhost/a:1", archive.image(here))
	store := storeInFolder(t)
	if _, err := store.importArchive(t.Context(), bytes.NewReader(archive.archive(asItIs)), importOptions{}); err != nil {
		t.Error(err)
	}
}
