package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/pkg/archive/compression"
	"github.com/containerd/containerd/v2/pkg/namespaces"
	"github.com/distribution/reference"
)

const (
	kubernetesNamespace = "k8s.io" // where the kubelet looks
	snapshotter         = "overlayfs"
	fingerprintLabel    = "kubesolo-os/archive"
	pinnedLabel         = "io.cri-containerd.pinned" // the kubelet removes unused images, but not these
	connectTimeout      = 5 * time.Second
)

// Store is containerd's image store, over its socket.
type Store struct{ client *client.Client }

// Open connects to a running engine.
func Open(socket string) (*Store, error) {
	if _, err := os.Stat(socket); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the engine is not running: there is no %s", socket)
	}
	connection, err := client.New(socket, client.WithDefaultNamespace(kubernetesNamespace), client.WithTimeout(connectTimeout))
	if err != nil {
		return nil, fmt.Errorf("the engine is not running, or not answering on %s: %w", socket, err)
	}
	return &Store{connection}, nil
}

// Close ends the connection.
func (s *Store) Close() error { return s.client.Close() }

// List returns the names of all images.
func (s *Store) List(ctx context.Context) ([]images.Image, error) {
	return s.client.ImageService().List(inNamespace(ctx))
}

// Import adds the images of an archive, compressed or not, and returns their names. It reads up to the
// archive's end mark, so a block device with padding behind the archive will do.
func (s *Store) Import(ctx context.Context, archive io.Reader, labels map[string]string) ([]string, error) {
	// The lease keeps the layers from being collected before they are unpacked.
	ctx, release, err := s.client.WithLease(inNamespace(ctx))
	if err != nil {
		return nil, err
	}
	defer release(ctx)
	plain, err := compression.DecompressStream(archive)
	if err != nil {
		return nil, fmt.Errorf("cannot decompress: %w", err)
	}
	defer plain.Close()
	imported, err := s.client.Import(ctx, plain,
		client.WithImageLabels(labels),
		client.WithImageRefTranslator(kubernetesName),
		client.WithDiscardUnpackedLayers(),
		client.WithSkipMissing()) // other platforms' layers need not be in it
	if err != nil {
		return nil, err
	}
	if len(imported) == 0 {
		return nil, errors.New("no image in it has a name")
	}
	return s.unpack(ctx, imported)
}

func (s *Store) unpack(ctx context.Context, imported []images.Image) (names []string, err error) {
	for _, each := range imported {
		if err := client.NewImage(s.client, each).Unpack(ctx, snapshotter); err != nil {
			return nil, fmt.Errorf("cannot unpack %s: %w", each.Name, err)
		}
		names = append(names, each.Name)
	}
	return names, nil
}

// kubernetesName is the full form of a name, in which the kubelet asks for it: busybox:1 is
// docker.io/library/busybox:1.
func kubernetesName(name string) string {
	full, err := reference.ParseDockerRef(name)
	if err != nil {
		return name
	}
	return full.String()
}

func inNamespace(ctx context.Context) context.Context {
	return namespaces.WithNamespace(ctx, kubernetesNamespace)
}
