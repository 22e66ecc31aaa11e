package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// registrar tells the kubelet where on the node the driver listens.
type registrar struct {
	registration.UnimplementedRegistrationServer
	end context.CancelCauseFunc
}

func serveRegistration(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	err := serve(ctx, "/registration/"+driverName+"-reg.sock", func(server *grpc.Server) {
		registration.RegisterRegistrationServer(server, registrar{end: end})
	})
	return errors.Join(err, context.Cause(ctx))
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
