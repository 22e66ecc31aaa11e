package components

import (
	"context"
	"fmt"
	"net/netip"

	"k8s.io/apimachinery/pkg/types"
	internalapi "k8s.io/cri-api/pkg/apis"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	upstream "k8s.io/kubernetes/pkg/kubelet"

	"kubesolo-os/engine/policy"
	"kubesolo-os/engine/usage"
)

// wrapRuntime makes the kubelet start nothing when the machine goes down, nor what ended the engine, and wait, between making a
// pod's sandbox and starting its containers, until the network policies know the pod's address. From the pod's status they would
// learn it when the containers run already.
//
// The kubelet makes the client of its runtime itself, and lets nobody put another in its place. Adjusting
// its own OOM score is the last that it does, through its dependencies, before it takes that client. Its sampler is there by then, too.
func wrapRuntime(dependencies *upstream.Dependencies, figures *usage.Figures, wrap func(internalapi.RuntimeService) *teachingRuntime) {
	adjust := dependencies.OOMAdjuster.ApplyOOMScoreAdj
	dependencies.OOMAdjuster.ApplyOOMScoreAdj = func(process, score int) error {
		if _, done := dependencies.RemoteRuntimeService.(*teachingRuntime); !done {
			dependencies.RemoteRuntimeService = wrap(dependencies.RemoteRuntimeService)
			figures.Use(dependencies.CAdvisorInterface)
		}
		return adjust(process, score)
	}
}

// teachingRuntime is the kubelet's container runtime. It tells the policies which pod has which address, and pods which
// ports of the node they don't get.
type teachingRuntime struct {
	internalapi.RuntimeService
	enforcer *policy.Controller
	closing  *Closing
	guard    *hostPortGuard
	starts   podStarts
}

func (r *teachingRuntime) RunPodSandbox(ctx context.Context, configuration *cri.PodSandboxConfig, handler string) (string, error) {
	if err := r.closing.refuse(); err != nil {
		return "", err
	}
	r.guard.tell(configuration)
	var sandbox string
	err := r.starts.sandbox(configuration, func() (err error) {
		sandbox, err = r.RuntimeService.RunPodSandbox(ctx, configuration, handler)
		return err
	})
	if err != nil || onNodeNetwork(configuration) {
		return sandbox, err
	}
	if err := r.teach(ctx, sandbox, types.UID(configuration.Metadata.GetUid())); err != nil {
		// A sandbox that is left running would be used at the next try, without asking the policies again.
		_ = r.StopPodSandbox(context.WithoutCancel(ctx), sandbox)
		return "", fmt.Errorf("cannot protect pod %s/%s: %w", configuration.Metadata.GetNamespace(), configuration.Metadata.GetName(), err)
	}
	return sandbox, nil
}

func (r *teachingRuntime) StartContainer(ctx context.Context, id string) error {
	if err := r.closing.refuse(); err != nil {
		return err
	}
	return r.starts.started(id, func() error { return r.RuntimeService.StartContainer(ctx, id) })
}

func (r *teachingRuntime) CreateContainer(ctx context.Context, sandbox string, configuration *cri.ContainerConfig, pod *cri.PodSandboxConfig) (string, error) {
	return r.starts.created(configuration, pod, func() (string, error) {
		return r.RuntimeService.CreateContainer(ctx, sandbox, configuration, pod)
	})
}

func (r *teachingRuntime) teach(ctx context.Context, sandbox string, pod types.UID) error {
	response, err := r.PodSandboxStatus(ctx, sandbox, false)
	if err != nil {
		return err
	}
	var own []netip.Addr
	network := response.GetStatus().GetNetwork()
	for _, text := range append([]string{network.GetIp()}, podIPs(network.GetAdditionalIps())...) {
		address, err := netip.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("its sandbox has no address: %w", err)
		}
		own = append(own, address)
	}
	return r.enforcer.Learn(ctx, pod, sandbox, own)
}

func podIPs(all []*cri.PodIP) (texts []string) {
	for _, each := range all {
		texts = append(texts, each.GetIp())
	}
	return texts
}

func (r *teachingRuntime) StopPodSandbox(ctx context.Context, sandbox string) error {
	err := r.RuntimeService.StopPodSandbox(ctx, sandbox)
	if err == nil {
		r.enforcer.Forget(sandbox)
	}
	return err
}

func onNodeNetwork(configuration *cri.PodSandboxConfig) bool {
	return configuration.GetLinux().GetSecurityContext().GetNamespaceOptions().GetNetwork() == cri.NamespaceMode_NODE
}
