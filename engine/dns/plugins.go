package dns

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"

	// The plugins of CoreDNS that are used. Its own list would link all fifty.
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/loadbalance"
)

// directives are all that the Corefile may say, in the order in which a question passes through them.
var directives = []string{"bind", "local", "failures", "cache", "loadbalance", "hosts", "cluster", "forward"}

// CoreDNS keeps these for the whole process.
func init() {
	dnsserver.Quiet = true
	if err := dnsserver.SetDirectives(directives); err != nil {
		panic(err)
	}
	plugin.Register("local", setUpLocal)
	plugin.Register("failures", setUpFailures)
	plugin.Register("cluster", setUpCluster)
}
