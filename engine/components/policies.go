package components

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/policy"
)

// policiesUnit enforces NetworkPolicies. It is ready when the rules of all that there are hold.
func policiesUnit(enforcer *policy.Controller) lifecycle.Unit {
	return lifecycle.Unit{
		Name:       policies,
		After:      []string{apiserver},
		Run:        enforcer.Run,
		Ready:      enforcer.Ready,
		StopWithin: time.Second,
	}
}

func policyController(c config.Config, admin kubernetes.Interface) *policy.Controller {
	return policy.NewController(policy.Options{
		Client: admin,
		Node: policy.State{
			Bridge:   node.PodBridge,
			Network6: c.NodePodNetwork6(),
			NodeServices: []policy.Pod{{
				Namespace: config.DNSNamespace,
				Name:      "dns",
				Labels:    labels.Set{config.DNSLabel: config.DNSLabelValue},
				Address:   c.PodGateway().String(), // it is asked over IPv4
				Ports: []policy.Port{
					{Name: "dns", Protocol: corev1.ProtocolUDP, Number: 53},
					{Name: "dns-tcp", Protocol: corev1.ProtocolTCP, Number: 53},
				},
			}},
		},
		Check: policy.CheckSystem,
		Apply: policy.Apply,
		Log:   func(format string, args ...any) { logs.Line(policies, format, args...) },
	})
}
