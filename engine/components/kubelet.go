package components

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	internalapi "k8s.io/cri-api/pkg/apis"
	"k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/dns"
	"kubesolo-os/engine/given"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/pki"
	"kubesolo-os/engine/policy"
	"kubesolo-os/engine/preflight"
	"kubesolo-os/engine/quarantine"
	"kubesolo-os/engine/usage"
)

// kubeletParts are what the kubelet works with, besides the API server.
type kubeletParts struct {
	config   config.Config
	admin    kubernetes.Interface
	enforcer *policy.Controller
	closing  *Closing
	ended    []preflight.Ended
	ledger   *quarantine.Ledger
	told     *leftOut
	figures  *usage.Figures
}

func kubeletUnit(parts kubeletParts) lifecycle.Unit {
	c, admin := parts.config, parts.admin
	asKubelet := func() (kubernetes.Interface, error) {
		client, err := clientcmd.BuildConfigFromFlags("", pki.Kubeconfig(c, pki.Kubelet))
		if err != nil {
			return nil, err
		}
		return kubernetes.NewForConfig(client)
	}
	heartbeat := &heartbeat{admin: admin, kubelet: asKubelet, name: c.NodeName}
	return lifecycle.Unit{
		Name: kubelet,
		// controllers: see checkVolumePlugins; policies: no pod starts unprotected
		After: []string{apiserver, containerd, preload, controllers, policies},
		Run: func(ctx context.Context) error {
			if err := heartbeat.remember(ctx); err != nil {
				return err
			}
			if err := prepareKubeletRoot(c); err != nil {
				return err
			}
			settings := fmt.Sprintf("%s %v reserved=%s of=%d", c.CPUPolicy, c.CPUPolicyOptions, c.ReservedCPUs, runtime.NumCPU())
			if err := node.ForgetCPUs(c.KubeletState(), settings); err != nil {
				return err
			}
			if err := dns.WriteForPods(resolvConf, podResolvConf); err != nil {
				return err
			}
			guard := newHostPortGuard(ctx, c, admin)
			guard.tellEnded(ctx, admin, parts.ended)
			return parts.run(ctx, func(runtime internalapi.RuntimeService) *teachingRuntime {
				return &teachingRuntime{runtime, parts.enforcer, parts.closing, guard, newPodStarts(parts.ledger)}
			})
		},
		Ready:      heartbeat.checkFirst,
		StillReady: heartbeat.checkStill,
		StopWithin: 2 * time.Second,
	}
}

func kubeletArguments(c config.Config) []string {
	return []string{
		"--kubeconfig=" + pki.Kubeconfig(c, pki.Kubelet),
		"--hostname-override=" + c.NodeName,
		"--node-ip=" + strings.Join(texts(c.NodeIPs()), ","),
		"--root-dir=" + config.KubeletRoot,
		"--cert-dir=" + c.PKI(pki.KubeletServer),
	}
}

func (parts kubeletParts) run(ctx context.Context, wrap func(internalapi.RuntimeService) *teachingRuntime) error {
	c, told := parts.config, parts.told
	flags := options.NewKubeletFlags()
	set := newFlagSet(kubelet)
	flags.AddFlags(set)
	if err := set.Parse(kubeletArguments(c)); err != nil {
		return err
	}
	files, unread := given.ReadFolder(c.KubeletDropIns(), ".conf") // as the kubelet's end
	written, refused := mergeDropIns(kubeletConfiguration(c), files, utilfeature.DefaultFeatureGate)
	for _, why := range append(unread, refused...) {
		told.tell(kubelet, c.KubeletDropIns(), why)
	}
	configuration, err := completeKubelet(written)
	if err != nil {
		return err
	}
	server := &options.KubeletServer{KubeletFlags: *flags, KubeletConfiguration: *configuration}
	dependencies, err := app.UnsecuredDependencies(ctx, server, utilfeature.DefaultFeatureGate)
	if err != nil {
		return err
	}
	dependencies.Recorder = newKubeletEvents(ctx, parts.admin, c.NodeName)
	told.recordWith(dependencies.Recorder, c.NodeName)
	wrapRuntime(dependencies, parts.figures, wrap)
	return app.Run(ctx, server, dependencies, utilfeature.DefaultFeatureGate)
}
