package components

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/containerd/containerd/v2/cmd/containerd/server"
	"github.com/containerd/containerd/v2/core/mount"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubesolo-os/engine/cni"
	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/quarantine"
)

func containerdUnit(c config.Config, ledger *quarantine.Ledger, told *leftOut) lifecycle.Unit {
	networks := networkFollower(c, told)
	return lifecycle.Unit{
		Name:       containerd,
		Run:        func(ctx context.Context) error { return runContainerd(ctx, c, networks, ledger, told) },
		Ready:      func(ctx context.Context) error { return checkRuntime(ctx, networks) },
		StopWithin: 2 * time.Second,
	}
}

// runContainerd serves until ctx ends. Shims and containers live on without it.
func runContainerd(ctx context.Context, c config.Config, networks *cni.Follower, ledger *quarantine.Ledger, told *leftOut) error {
	// Before containerd looks for it: a runtime without a network keeps the node NotReady until it
	// notices the file.
	if err := writePodNetwork(c, networks); err != nil {
		return fmt.Errorf("cannot configure the pods' network: %w", err)
	}
	for _, f := range familiesOf(c) {
		if err := applyMasquerade(ctx, c, f); err != nil {
			return fmt.Errorf("cannot lead the pods' way out: %w", err)
		}
	}
	configuration := containerdConfiguration(c)
	for _, why := range addDropIns(configuration) {
		told.tell(containerd, config.ContainerdDropIns, why)
	}
	if err := removeSockets(); err != nil {
		return fmt.Errorf("cannot remove the sockets of an earlier run: %w", err)
	}
	if err := server.CreateTopLevelDirectories(configuration); err != nil {
		return err
	}
	if err := mount.SetTempMountLocation(filepath.Join(configuration.Root, "tmpmounts")); err != nil {
		return err
	}
	if _, err := mount.CleanupTempMounts(0); err != nil {
		return err
	}
	stopImages, err := serveImages(ledger)
	if err != nil {
		return fmt.Errorf("cannot listen at %s: %w", imageSocket, err)
	}
	defer stopImages()
	instance, err := server.New(ctx, configuration)
	if err != nil {
		return err
	}
	if err := instance.Start(ctx); err != nil {
		return err
	}
	err = networks.Follow(ctx)
	instance.Stop()
	return err
}

func removeSockets() error {
	if err := os.MkdirAll(filepath.Dir(config.ContainerdSocket), 0o711); err != nil {
		return err
	}
	for _, socket := range []string{config.ContainerdSocket, ttrpcSocket, imageSocket} {
		if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// largestAnswer is the kubelet's own limit.
const largestAnswer = 16 << 20

// containerdConnection is for all of the engine's own questions.
var containerdConnection = sync.OnceValues(func() (*grpc.ClientConn, error) {
	return grpc.NewClient("unix://"+config.ContainerdSocket, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(largestAnswer)))
})

// runtimeClient asks the runtime what the kubelet will ask it. The socket exists, and even accepts,
// before the runtime behind it works.
func runtimeClient() (cri.RuntimeServiceClient, error) {
	connection, err := containerdConnection()
	return cri.NewRuntimeServiceClient(connection), err
}

// checkRuntime: a network of other people's may need pods of theirs first, and those a kubelet.
func checkRuntime(ctx context.Context, networks *cni.Follower) error {
	if _, err := os.Stat(config.ContainerdSocket); err != nil {
		return err // a failed connection would only be tried again after a second
	}
	client, err := runtimeClient()
	if err != nil {
		return err
	}
	response, err := client.Status(ctx, &cri.StatusRequest{})
	if err != nil {
		return err
	}
	for _, condition := range response.Status.Conditions {
		// There are others, such as one about old ways of the host.
		needed := condition.Type == cri.RuntimeReady || condition.Type == cri.NetworkReady && networks.IsOwn()
		if needed && !condition.Status {
			return fmt.Errorf("%s is false: %s: %s", condition.Type, condition.Reason, condition.Message)
		}
	}
	return nil
}
