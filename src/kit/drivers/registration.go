package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// registrar tells the kubelet where on the node the driver listens.
type registrar struct {
	registration.UnimplementedRegistrationServer
	end context.CancelCauseFunc
}

func serveRegistration(ctx context.Context) error {
	if err := waitForDriver(ctx); err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	err := serve(ctx, "/registration/"+driverName+"-reg.sock", func(server *grpc.Server) {
		registration.RegisterRegistrationServer(server, registrar{end: end})
	})
	return errors.Join(err, context.Cause(ctx))
}

// waitForDriver: a kubelet that finds nobody at the driver's socket refuses it.
func waitForDriver(ctx context.Context) error {
	connection, err := grpc.NewClient("unix://"+driverSocket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	_, err = csi.NewIdentityClient(connection).Probe(ctx, &csi.ProbeRequest{}, grpc.WaitForReady(true))
	return err
}

func (registrar) GetInfo(context.Context, *registration.InfoRequest) (*registration.PluginInfo, error) {
	return &registration.PluginInfo{Type: registration.CSIPlugin, Name: driverName,
		Endpoint: os.Getenv("SOCKET_ON_NODE"), SupportedVersions: []string{"1.0.0"}}, nil
}

func (r registrar) NotifyRegistrationStatus(_ context.Context, s *registration.RegistrationStatus) (*registration.RegistrationStatusResponse, error) {
	if !s.PluginRegistered {
		r.end(fmt.Errorf("not registered: %s", s.Error))
	}
	fmt.Println("registered:", s.PluginRegistered)
	return &registration.RegistrationStatusResponse{}, nil
}
