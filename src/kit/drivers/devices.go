package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	plugin "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
	cdi "tags.cncf.io/container-device-interface/specs-go"
)

// The device plugin offers two of a kind. It installs a list of them for the runtime, which says that a container with one finds its name
// in the environment.
const (
	deviceKind   = "example.com/port"
	deviceSocket = "example.com.sock"
	deviceList   = "/etc/cdi/example.com-port.json"
)

var devices = []*plugin.Device{{ID: "one", Health: plugin.Healthy}, {ID: "two", Health: plugin.Healthy}}

type devicePlugin struct {
	plugin.UnimplementedDevicePluginServer
}

// offerDevices begins again with each kubelet: that removes the plugins' sockets when it starts.
func offerDevices(ctx context.Context) error {
	if err := installList(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := offerToOneKubelet(ctx); err != nil {
			fmt.Println(err)
			time.Sleep(time.Second)
		}
	}
	return nil
}

func installList() error {
	spec := cdi.Spec{Version: "0.6.0", Kind: deviceKind}
	for _, device := range devices {
		edits := cdi.ContainerEdits{Env: []string{"PORT=" + device.ID}}
		spec.Devices = append(spec.Devices, cdi.Device{Name: device.ID, ContainerEdits: edits})
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	return replaceFile(deviceList, text)
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
			&plugin.ContainerAllocateResponse{CdiDevices: []*plugin.CDIDevice{{Name: deviceKind + "=" + container.DevicesIds[0]}}})
	}
	return answer, nil
}
