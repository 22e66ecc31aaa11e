package images

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/pkg/namespaces"
)

const (
	kubernetesNamespace = "k8s.io" // where the kubelet looks
	snapshotter         = "overlayfs"
	fingerprintLabel    = "kubesolo-os/archive"
	pinnedLabel         = "io.cri-containerd.pinned" // the kubelet removes unused images, but not these
	pinned              = "pinned"
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

func inNamespace(ctx context.Context) context.Context {
	return namespaces.WithNamespace(ctx, kubernetesNamespace)
}
