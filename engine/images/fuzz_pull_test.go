package images

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/pkg/snapshotters"
	"github.com/opencontainers/go-digest"
)

// Whatever a registry answers, pulling as CRI does ends in an error or in an image.
func FuzzPull(f *testing.F) {
	addCrafted(f)
	f.Fuzz(func(t *testing.T, index, manifest, config string) {
		blobs, top := linked(index, manifest, config)
		registry := httptest.NewServer(serve(blobs, top.Digest))
		defer registry.Close()
		name := strings.TrimPrefix(registry.URL, "http://") + "/a:1"
		store := storeInFolder(t)
		hosts := docker.ConfigureDefaultRegistries(docker.WithPlainHTTP(docker.MatchLocalhost))
		image, err := store.client.Pull(inNamespace(t.Context()), name,
			client.WithResolver(docker.NewResolver(docker.ResolverOptions{Hosts: hosts})),
			client.WithPullUnpack, client.WithPullSnapshotter(snapshotter),
			client.WithImageHandlerWrapper(snapshotters.AppendInfoHandlerWrapper(name)),
			client.WithChildLabelMap(images.ChildGCLabelsFilterLayers))
		if err != nil {
			return
		}
		// What CRI asks of it then.
		image.RootFS(inNamespace(t.Context()))
		image.Config(inNamespace(t.Context()))
		image.Size(inNamespace(t.Context()))
	})
}

// serve is a registry with one tag.
func serve(blobs map[digest.Digest]string, tagged digest.Digest) http.Handler {
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		name := digest.Digest(request.URL.Path[strings.LastIndex(request.URL.Path, "/")+1:])
		if name == "1" {
			name = tagged
		}
		text, found := blobs[name]
		if !found {
			http.NotFound(answer, request)
			return
		}
		kind := struct{ MediaType string }{"application/vnd.oci.image.index.v1+json"}
		_ = json.Unmarshal([]byte(text), &kind)
		answer.Header().Set("Content-Type", kind.MediaType)
		answer.Header().Set("Docker-Content-Digest", name.String())
		answer.Header().Set("Content-Length", strconv.Itoa(len(text)))
		if request.Method != http.MethodHead {
			io.WriteString(answer, text)
		}
	})
}
