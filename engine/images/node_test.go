package images

import (
	"context"
	"path/filepath"
	"testing"

	introspectionapi "github.com/containerd/containerd/api/services/introspection/v1"
	"github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/core/diff"
	"github.com/containerd/containerd/v2/core/diff/apply"
	"github.com/containerd/containerd/v2/core/introspection"
	"github.com/containerd/containerd/v2/core/metadata"
	"github.com/containerd/containerd/v2/core/snapshots"
	"github.com/containerd/containerd/v2/plugins"
	"github.com/containerd/containerd/v2/plugins/content/local"
	"github.com/containerd/containerd/v2/plugins/diff/walking"
	"github.com/containerd/containerd/v2/plugins/snapshots/native"
	bolt "go.etcd.io/bbolt"
)

// storeInFolder is containerd's own parts in a folder, without its server: its database, its blobs, and layers as
// plain copies, which need no overlayfs.
func storeInFolder(t testing.TB) *Store {
	t.Helper()
	folder := t.TempDir()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	blobs, err := local.NewStore(filepath.Join(folder, "blobs"))
	must(err)
	layers, err := native.NewSnapshotter(filepath.Join(folder, "layers"))
	must(err)
	database, err := bolt.Open(filepath.Join(folder, "meta.db"), 0o600, &bolt.Options{NoSync: true, NoFreelistSync: true})
	must(err)
	t.Cleanup(func() { database.Close() })
	meta := metadata.NewDB(database, blobs, map[string]snapshots.Snapshotter{snapshotter: layers})
	must(meta.Init(t.Context()))
	type differ struct {
		diff.Comparer
		diff.Applier
	}
	connection, err := client.New("", client.WithDefaultNamespace(kubernetesNamespace), client.WithServices(
		client.WithContentStore(meta.ContentStore()),
		client.WithImageStore(metadata.NewImageStore(meta)),
		client.WithContainerStore(metadata.NewContainerStore(meta)),
		client.WithLeasesService(metadata.NewLeaseManager(meta)),
		client.WithSnapshotters(meta.Snapshotters()),
		client.WithDiffService(differ{walking.NewWalkingDiff(meta.ContentStore()), apply.NewFileSystemApplier(meta.ContentStore())}),
		client.WithIntrospectionService(noCapabilities{}),
	))
	must(err)
	return &Store{connection}
}

// noCapabilities is what a pull asks about the snapshotter.
type noCapabilities struct{ introspection.Service }

func (noCapabilities) Plugins(context.Context, ...string) (*introspectionapi.PluginsResponse, error) {
	return &introspectionapi.PluginsResponse{Plugins: []*introspectionapi.Plugin{
		{Type: string(plugins.SnapshotPlugin), ID: snapshotter},
	}}, nil
}
