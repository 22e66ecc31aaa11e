package images

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Texts of an image as somebody may have crafted them. "MANIFEST" and "CONFIG" become the digests of the other texts,
// and "SIZE-OF-…", with its quotation marks, their sizes: nothing else would get further than the first digest.
const (
	goodConfig   = `{"os":"linux","architecture":"` + here + `","config":{},"rootfs":{"type":"layers","diff_ids":[]}}`
	goodManifest = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
		"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"CONFIG","size":"SIZE-OF-CONFIG"},"layers":[]}`
	goodChild = `{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"MANIFEST","size":"SIZE-OF-MANIFEST"}`
)

func indexWith(children string) string {
	return `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[` + children + `]}`
}

// crafted are the children of indexes that are wrong in their own ways. The first ended containerd 2.4.1.
var crafted = []string{
	goodChild + `,{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:abc","size":7,"annotations":{"io.containerd.manifest.subject":"MANIFEST"}}`,
	`{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:abc","size":7,"annotations":{"io.containerd.manifest.subject":"sha256:abc"}}`,
	goodChild + `,{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"abc","size":7,"annotations":{"io.containerd.manifest.subject":"a"}}`,
	`{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"","size":0}`,
	`{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"MANIFEST","size":-1}`,
	`{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"MANIFEST","size":9223372036854775807}`,
	`{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"MANIFEST","size":"SIZE-OF-MANIFEST"}`,
	`{"digest":"MANIFEST","size":"SIZE-OF-MANIFEST","platform":{"os":"","architecture":"\u0000"}}`,
	`{},{},null`,
}

func addCrafted(f *testing.F) {
	f.Add(indexWith(goodChild), goodManifest, goodConfig)
	for _, children := range crafted {
		f.Add(indexWith(children), goodManifest, goodConfig)
	}
	for _, config := range []string{`{`, `null`, `[]`, `{"rootfs":{"diff_ids":["a"]}}`, `{"os":1}`, `{"rootfs":null,"architecture":"` + here + `"}`} {
		f.Add(indexWith(goodChild), goodManifest, config)
	}
	layers := `"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"CONFIG","size":"SIZE-OF-CONFIG"}]`
	for _, manifest := range []string{
		`null`, `{"config":null,"layers":[null]}`, strings.Replace(goodManifest, `"layers":[]`, layers, 1),
		strings.Replace(goodManifest, `"CONFIG"`, `":"`, 1), strings.Replace(goodManifest, `"layers":[]`, `"manifests":[],"layers":[]`, 1),
	} {
		f.Add(indexWith(goodChild), manifest, goodConfig)
	}
}

func linked(index, manifest, config string) (blobs map[digest.Digest]string, top ocispec.Descriptor) {
	link := func(text, word, target string) string {
		text = strings.ReplaceAll(text, `"SIZE-OF-`+word+`"`, fmt.Sprint(len(target)))
		return strings.ReplaceAll(text, `"`+word+`"`, `"`+digest.FromString(target).String()+`"`)
	}
	manifest = link(manifest, "CONFIG", config)
	index = link(index, "MANIFEST", manifest)
	blobs = map[digest.Digest]string{}
	for _, text := range []string{index, manifest, config} {
		blobs[digest.FromString(text)] = text
	}
	return blobs, ocispec.Descriptor{MediaType: ocispec.MediaTypeImageIndex, Digest: digest.FromString(index), Size: int64(len(index))}
}

// Whatever an archive holds, importing it ends in an error or in an image.
func FuzzImport(f *testing.F) {
	addCrafted(f)
	f.Fuzz(func(t *testing.T, index, manifest, config string) {
		blobs, top := linked(index, manifest, config)
		archive := &made{t: t}
		for sum, text := range blobs {
			archive.blobs = append(archive.blobs, file{"blobs/sha256/" + sum.Encoded(), text})
		}
		whole := archive.named("localhost/a:1", top).archive(asItIs)
		if _, err := readContents(bytes.NewReader(whole)); err != nil {
			t.Errorf("preload wouldn't take it: %v", err)
		}
		importAny(t, whole)
		// The text as the archive's own table, and as docker's.
		importAny(t, archiveOf(t, append(archive.blobs, layout, file{"index.json", index})...))
		importAny(t, archiveOf(t, file{dockerManifest, manifest}, file{"c.json", config}, file{"l.tar", index}))
	})
}

func importAny(t *testing.T, archive []byte) {
	store := storeInFolder(t)
	readContents(bytes.NewReader(archive))
	if names, err := store.importArchive(t.Context(), bytes.NewReader(archive), importOptions{}); err != nil && len(names) > 0 {
		t.Errorf("%v, and yet %q", err, names)
	}
}

// Any bytes as an archive.
func FuzzArchive(f *testing.F) {
	f.Add(archiveOf(f, layout, oci, layer))
	f.Add(archiveOf(f, dockerTable, layer))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00\x00"))
	f.Fuzz(func(t *testing.T, archive []byte) { importAny(t, archive) })
}
