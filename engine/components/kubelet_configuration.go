package components

import (
	"maps"

	"github.com/containerd/cgroups/v3"
	"k8s.io/kubelet/config/v1beta1"
	internal "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/scheme"
	"k8s.io/utils/ptr"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/pki"
)

// resolvConf is where cluster DNS looks for its upstream servers; podResolvConf is what pods get of it.
const (
	resolvConf    = "/etc/resolv.conf"
	podResolvConf = config.RunDirectory + "/resolv.conf"
)

// kubeletConfiguration is what differs from Kubernetes' defaults.
func kubeletConfiguration(c config.Config) *v1beta1.KubeletConfiguration {
	return &v1beta1.KubeletConfiguration{
		ContainerRuntimeEndpoint: "unix://" + config.ContainerdSocket,
		ImageServiceEndpoint:     "unix://" + imageSocket,
		CgroupDriver:             "cgroupfs", // there is no systemd
		// The host is the product's; cgroup v1 is only met where the engine is developed.
		FailCgroupV1:           ptr.To(cgroups.Mode() == cgroups.Unified),
		FailSwapOn:             ptr.To(false),
		MakeIPTablesUtilChains: ptr.To(false), // there is no iptables

		PodCIDR:        c.NodePodNetwork().String(),
		ClusterDomain:  config.ClusterDomain,
		ClusterDNS:     []string{c.DNSIP().String()},
		ResolverConfig: ptr.To(podResolvConf),

		TLSCertFile:       pki.Certificate(c, pki.KubeletServer),
		TLSPrivateKeyFile: pki.Key(c, pki.KubeletServer),
		Authentication: v1beta1.KubeletAuthentication{
			Anonymous: v1beta1.KubeletAnonymousAuthentication{Enabled: ptr.To(false)},
			Webhook:   v1beta1.KubeletWebhookAuthentication{Enabled: ptr.To(true)},
			X509:      v1beta1.KubeletX509Authentication{ClientCAFile: pki.Certificate(c, pki.CA)},
		},
		Authorization: v1beta1.KubeletAuthorization{Mode: v1beta1.KubeletAuthorizationModeWebhook},
		Port:          config.KubeletPort,
		HealthzPort:   ptr.To[int32](0),

		ReservedSystemCPUs:      c.ReservedCPUs,
		SystemReserved:          reserved(c.SystemReserved),
		PodPidsLimit:            ptr.To(int64(c.PodPidsLimit)),
		CPUManagerPolicy:        c.CPUPolicy,
		CPUManagerPolicyOptions: c.CPUPolicyOptions,

		NodeLeaseDurationSeconds: 120, // a write each 30 s instead of 10 s: flash wears out
		VolumePluginDir:          c.VolumePlugins(),
		ContainerLogMaxSize:      "2Mi",
		ContainerLogMaxFiles:     ptr.To[int32](3),
		// The defaults are made for big machines: 100 MB, and 10 to 15 percent of the disk.
		EvictionHard: map[string]string{
			"memory.available":  "50Mi",
			"nodefs.available":  "5%",
			"nodefs.inodesFree": "2%",
			"imagefs.available": "5%",
		},
	}
}

// reserved adds what the engine and the operating system need themselves, where nobody said how much that is: without it,
// pods that take all memory or all processes take the API along.
func reserved(asked map[string]string) map[string]string {
	all := map[string]string{"memory": "160Mi", "pid": "512"}
	maps.Copy(all, asked)
	return all
}

// completeKubelet adds the defaults, as reading a configuration file would.
func completeKubelet(written *v1beta1.KubeletConfiguration) (*internal.KubeletConfiguration, error) {
	types, _, err := scheme.NewSchemeAndCodecs()
	if err != nil {
		return nil, err
	}
	types.Default(written)
	complete := &internal.KubeletConfiguration{}
	return complete, types.Convert(written, complete, nil)
}
