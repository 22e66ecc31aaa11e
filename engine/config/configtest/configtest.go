// Package configtest is for tests of what takes a configuration.
package configtest

import (
	"net/netip"

	"kubesolo-os/engine/config"
)

// With fills in the networks that every resolved configuration has.
func With(c config.Config) config.Config {
	c.PodNetwork = netip.MustParsePrefix(config.DefaultPodNetwork)
	c.ServiceNetwork = netip.MustParsePrefix(config.DefaultServiceNetwork)
	return c
}
