package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	resource "k8s.io/api/resource/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/dynamic-resource-allocation/kubeletplugin"
	"k8s.io/dynamic-resource-allocation/resourceslice"
	cdi "tags.cncf.io/container-device-interface/specs-go"
)

// The driver of Dynamic Resource Allocation has two lamps. A container that gets one finds its name in the environment, and the device
// itself as /dev/lamp: for the dark one that is the kernel's null, for the bright one its zero.
const (
	lampDriver = "lamps.example.com"
	lampKind   = "example.com/lamp"
	cdiFolder  = "/var/run/cdi"
)

var lamps = map[string]string{"dark": "/dev/null", "bright": "/dev/zero"}

// lampPlugin remembers nothing: the files below cdiFolder say what is prepared, and a reboot takes both away.
type lampPlugin struct{}

// offerLamps registers with each kubelet, tells the scheduler which lamps there are, and then does what the kubelet asks.
func offerLamps(ctx context.Context) error {
	cluster, err := ownCluster()
	if err != nil {
		return err
	}
	for _, folder := range []string{filepath.Join(kubeletplugin.KubeletPluginsDir, lampDriver), cdiFolder} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	node := os.Getenv("NODE_NAME")
	helper, err := kubeletplugin.Start(ctx, lampPlugin{},
		kubeletplugin.DriverName(lampDriver),
		kubeletplugin.KubeClient(cluster),
		kubeletplugin.NodeName(node),
		kubeletplugin.HealthService(false))
	if err != nil {
		return err
	}
	defer helper.Stop()
	slice := resourceslice.Slice{Devices: []resource.Device{{Name: "bright"}, {Name: "dark"}}}
	pools := map[string]resourceslice.Pool{node: {Slices: []resourceslice.Slice{slice}}}
	if err := helper.PublishResources(ctx, resourceslice.DriverResources{Pools: pools}); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func (lampPlugin) PrepareResourceClaims(_ context.Context, claims []*resource.ResourceClaim) (map[types.UID]kubeletplugin.PrepareResult, error) {
	results := map[types.UID]kubeletplugin.PrepareResult{}
	for _, claim := range claims {
		devices, err := prepareClaim(claim)
		results[claim.UID] = kubeletplugin.PrepareResult{Devices: devices, Err: err}
	}
	return results, nil
}

// prepareClaim tells the runtime what the claim's devices are; done again, it changes nothing.
func prepareClaim(claim *resource.ResourceClaim) (devices []kubeletplugin.Device, err error) {
	spec := cdi.Spec{Version: "0.6.0", Kind: lampKind}
	for _, given := range claim.Status.Allocation.Devices.Results {
		if given.Driver != lampDriver {
			continue
		}
		// A name that was used before may be known to the runtime as something else.
		unique := fmt.Sprintf("%s-%s", claim.UID, given.Device)
		spec.Devices = append(spec.Devices, cdi.Device{Name: unique, ContainerEdits: cdi.ContainerEdits{
			Env:         []string{"LAMP=" + given.Device},
			DeviceNodes: []*cdi.DeviceNode{{Path: "/dev/lamp", HostPath: lamps[given.Device]}},
		}})
		devices = append(devices, kubeletplugin.Device{Requests: []string{given.Request}, PoolName: given.Pool, DeviceName: given.Device,
			CDIDeviceIDs: []string{lampKind + "=" + unique}})
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	return devices, replaceFile(specOf(claim.UID), text)
}

func (lampPlugin) UnprepareResourceClaims(_ context.Context, claims []kubeletplugin.NamespacedObject) (map[types.UID]error, error) {
	results := map[types.UID]error{}
	for _, claim := range claims {
		err := os.Remove(specOf(claim.UID))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		results[claim.UID] = err
	}
	return results, nil
}

func (lampPlugin) HandleError(_ context.Context, err error, message string) {
	fmt.Println(message, err)
	if !errors.Is(err, kubeletplugin.ErrRecoverable) {
		os.Exit(1)
	}
}

func (lampPlugin) WatchHealthStatus(context.Context, chan<- kubeletplugin.DeviceHealthReport) error {
	return kubeletplugin.ErrHealthNotSupported
}

func specOf(claim types.UID) string {
	return filepath.Join(cdiFolder, fmt.Sprintf("%s-%s.json", lampDriver, claim))
}

// replaceFile: the runtime, which reads the folder at any time, finds the whole file or none.
func replaceFile(path string, text []byte) error {
	next := path + ".next" // the runtime reads .json and .yaml
	if err := os.WriteFile(next, text, 0o644); err != nil {
		return err
	}
	return os.Rename(next, path)
}
