package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	plugin "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

// The device plugin offers two of a kind; a pod that gets one finds its name in the environment.
const (
	deviceKind   = "example.com/port"
	deviceSocket = "example.com.sock"
)

var devices = []*plugin.Device{{ID: "one", Health: plugin.Healthy}, {ID: "two", Health: plugin.Healthy}}

type devicePlugin struct {
	plugin.UnimplementedDevicePluginServer
}

// offerDevices begins again with each kubelet: that removes the plugins' sockets when it starts.
func offerDevices(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := offerToOneKubelet(ctx); err != nil {
			fmt.Println(err)
			time.Sleep(time.Second)
		}
	}
	return nil
}

func offerToOneKubelet(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	own := plugin.DevicePluginPath + deviceSocket
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, own, func(server *grpc.Server) { plugin.RegisterDevicePluginServer(server, devicePlugin{}) })
	}()
	connection, err := grpc.NewClient("unix://"+plugin.KubeletSocket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	request := &plugin.RegisterRequest{Version: plugin.Version, Endpoint: deviceSocket, ResourceName: deviceKind}
	if _, err := plugin.NewRegistrationClient(connection).Register(ctx, request); err != nil {
		return err
	}
	fmt.Println("registered")
	for {
		select {
		case err := <-ended:
			return err
		case <-time.After(200 * time.Millisecond):
			if _, err := os.Stat(own); err != nil {
				return nil
			}
		}
	}
}

func (devicePlugin) GetDevicePluginOptions(context.Context, *plugin.Empty) (*plugin.DevicePluginOptions, error) {
	return &plugin.DevicePluginOptions{}, nil
}

func (devicePlugin) ListAndWatch(_ *plugin.Empty, stream plugin.DevicePlugin_ListAndWatchServer) error {
	if err := stream.Send(&plugin.ListAndWatchResponse{Devices: devices}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}

func (devicePlugin) Allocate(_ context.Context, r *plugin.AllocateRequest) (*plugin.AllocateResponse, error) {
	answer := &plugin.AllocateResponse{}
	for _, container := range r.ContainerRequests {
		answer.ContainerResponses = append(answer.ContainerResponses,
			&plugin.ContainerAllocateResponse{Envs: map[string]string{"PORT": container.DevicesIds[0]}})
	}
	return answer, nil
}
