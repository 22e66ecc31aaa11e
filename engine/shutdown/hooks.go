package shutdown

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	kubecontainer "k8s.io/kubernetes/pkg/kubelet/container"
	"k8s.io/kubernetes/pkg/kubelet/lifecycle"
	httpprobe "k8s.io/kubernetes/pkg/probe/http"
)

// runHook runs a preStop hook with the kubelet's own code.
func (s *stopper) runHook(ctx context.Context, p pod, id string, spec *corev1.Container, hook *corev1.LifecycleHandler) error {
	client := &http.Client{
		// As the kubelet does it: a pod's certificate is nobody's that the node could know.
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
		CheckRedirect: httpprobe.RedirectChecker(false),
	}
	runner := lifecycle.NewHandlerRunner(client, commands{s.runtime}, addressOf{p.object}, nil)
	_, err := runner.Run(ctx, kubecontainer.ContainerID{Type: "containerd", ID: id}, p.object, spec, hook)
	return err
}

// commands runs hooks that are commands.
type commands struct{ runtime Runtime }

func (c commands) RunInContainer(ctx context.Context, id kubecontainer.ContainerID, command []string, _ time.Duration) ([]byte, error) {
	deadline, _ := ctx.Deadline()
	seconds := max(1, int64(time.Until(deadline).Seconds()))
	response, err := c.runtime.ExecSync(ctx, &cri.ExecSyncRequest{ContainerId: id.ID, Cmd: command, Timeout: seconds})
	if err == nil && response.ExitCode != 0 {
		err = fmt.Errorf("exit code %d", response.ExitCode)
	}
	return append(response.GetStdout(), response.GetStderr()...), err
}

// addressOf answers where a pod's HTTP hooks go.
type addressOf struct{ object *corev1.Pod }

func (a addressOf) GetPod(_ context.Context, uid types.UID) (*kubecontainer.Pod, error) {
	return &kubecontainer.Pod{ID: uid}, nil
}

func (a addressOf) GetPodStatus(_ context.Context, p *kubecontainer.Pod) (*kubecontainer.PodStatus, error) {
	return &kubecontainer.PodStatus{ID: p.ID, IPs: []string{a.object.Status.PodIP}}, nil
}
