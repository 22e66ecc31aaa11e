package dns

import (
	"context"
	"errors"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/kubernetes"
	miekg "github.com/miekg/dns"
	"k8s.io/client-go/tools/clientcmd"
)

// cluster is what all uses of the directive share, over all reloads: the watches of the API server.
type cluster struct {
	kubeconfig string
	first      *kubernetes.Kubernetes
}

// running is that of the one server of the process.
var running *cluster

// setUpCluster is the directive "cluster": CoreDNS's plugin "kubernetes", with the same block. That one's
// own set-up would take over klog for the whole process and open new watches at each reload.
func setUpCluster(c *caddy.Controller) error {
	if running == nil {
		return errors.New("there is no cluster to answer for")
	}
	for c.Next() {
		answers, err := kubernetes.ParseStanza(c)
		if err != nil {
			return plugin.Error("cluster", err)
		}
		if err := running.connect(answers); err != nil {
			return plugin.Error("cluster", err)
		}
		dnsserver.GetConfig(c).AddPlugin(func(next plugin.Handler) plugin.Handler {
			if next == nil {
				next = noUpstream{}
			}
			answers.Next = next
			return answers
		})
	}
	return nil
}

// connect gives answers what the first one has opened. Until it has read all objects, a name that is
// not found is an error, not a denial.
func (s *cluster) connect(answers *kubernetes.Kubernetes) error {
	if s.first != nil {
		answers.APIConn = s.first.APIConn
		return nil
	}
	answers.ClientConfig = clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		&clientcmd.ClientConfigLoadingRules{ExplicitPath: s.kubeconfig}, &clientcmd.ConfigOverrides{})
	if _, _, err := answers.InitKubeCache(context.Background()); err != nil {
		return err
	}
	go answers.APIConn.Run()
	s.first = answers
	return nil
}

func (s *cluster) close() error {
	if s.first == nil {
		return nil
	}
	return s.first.APIConn.Stop()
}

// noUpstream stands at the end when no name server of the host is known. The code makes programs try
// again later.
type noUpstream struct{}

func (noUpstream) Name() string { return "noupstream" }

func (noUpstream) ServeDNS(context.Context, miekg.ResponseWriter, *miekg.Msg) (int, error) {
	return miekg.RcodeServerFailure, nil
}
