package components

import (
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/containerd/platforms"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/images"
	"kubesolo-os/engine/quarantine"
)

// imageSocket is where the kubelet asks for images. Whatever containerd does for it passes through here: only who sees
// a pull begin can tell, after a crash, which it was.
const imageSocket = config.RunDirectory + "/images.sock"

type imageService struct {
	cri.ImageServiceServer // not all of a later interface is known here
	containerd             cri.ImageServiceClient
	ledger                 *quarantine.Ledger
}

// serveImages listens until stop is called.
func serveImages(ledger *quarantine.Ledger) (stop func(), err error) {
	connection, err := containerdConnection()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", imageSocket)
	if err != nil {
		return nil, err
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(largestAnswer))
	cri.RegisterImageServiceServer(server, imageService{
		ImageServiceServer: cri.UnimplementedImageServiceServer{},
		containerd:         cri.NewImageServiceClient(connection),
		ledger:             ledger,
	})
	go server.Serve(listener) // it ends by stop only
	return server.Stop, nil
}

func (s imageService) PullImage(ctx context.Context, request *cri.PullImageRequest) (response *cri.PullImageResponse, err error) {
	name := request.GetImage().GetImage()
	current := func() (string, error) { return images.Digest(ctx, name, config.RegistryHosts, request.GetAuth()) }
	err = s.ledger.Work(name, current, func() error {
		response, err = s.containerd.PullImage(ctx, request)
		return explainPull(err)
	})
	return response, err
}

// explainPull puts containerd's words for an image without this platform into people's. Pure.
func explainPull(err error) error {
	if err == nil || !strings.Contains(err.Error(), "no match for platform in manifest") {
		return err
	}
	here := platforms.Format(platforms.DefaultSpec())
	return status.Error(status.Code(err), fmt.Sprintf("the image has nothing for %s, which this node is: %s", here, status.Convert(err).Message()))
}

func (s imageService) ListImages(ctx context.Context, request *cri.ListImagesRequest) (*cri.ListImagesResponse, error) {
	return s.containerd.ListImages(ctx, request)
}

func (s imageService) ImageStatus(ctx context.Context, request *cri.ImageStatusRequest) (*cri.ImageStatusResponse, error) {
	return s.containerd.ImageStatus(ctx, request)
}

func (s imageService) RemoveImage(ctx context.Context, request *cri.RemoveImageRequest) (*cri.RemoveImageResponse, error) {
	return s.containerd.RemoveImage(ctx, request)
}

func (s imageService) ImageFsInfo(ctx context.Context, request *cri.ImageFsInfoRequest) (*cri.ImageFsInfoResponse, error) {
	return s.containerd.ImageFsInfo(ctx, request)
}
