// Command coredns is the DNS server of the tests' pods, which upstream's image agnhost has beside its own program: CoreDNS with
// the plugins that their Corefiles name.
package main

import (
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/log"
)

func main() { coremain.Run() }
