// Stands for what people install on a node: a CSI driver in its three containers, a device plugin, a driver of Dynamic Resource
// Allocation (DRA), a plugin of NRI and a policy engine, each doing the least that counts. Published manifests' shape is in
// drivers.yaml beside this file, in test/sandbox/manifests/lamps.yaml, and in test/workloads/manifests/policy-engine.yaml.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	driverName   = "folders.example.com"
	driverSocket = "/csi/csi.sock"
)

var roles = map[string]func(context.Context) error{
	"storage":     serveStorage,
	"registrar":   serveRegistration,
	"provisioner": provision,
	"devices":     offerDevices,
	"lamps":       offerLamps,
	"adjuster":    adjust,
	"policy":      enforcePolicy,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	role := roles[os.Args[len(os.Args)-1]]
	if role == nil {
		fmt.Fprintln(os.Stderr, "usage: drivers storage | registrar | provisioner | devices | lamps | adjuster | policy")
		os.Exit(64)
	}
	if err := role(ctx); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "drivers:", err)
		os.Exit(1)
	}
}

// ownCluster is the one whose pod this is, as its service account may use it.
func ownCluster() (kubernetes.Interface, error) {
	config, err := rest.InClusterConfig()
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(config)
}

// serve answers at a unix socket until ctx ends.
func serve(ctx context.Context, socket string, register func(*grpc.Server)) error {
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	register(server)
	context.AfterFunc(ctx, server.Stop)
	return server.Serve(listener)
}
