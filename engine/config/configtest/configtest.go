// Package configtest is for tests of what takes a configuration.
package configtest

import (
	"net/netip"

	"kubesolo-os/engine/config"
)

// DualStack fills in IPv6 networks, too.
func DualStack(c config.Config) config.Config {
	c = With(c)
	c.PodNetwork6, c.ServiceNetwork6 = netip.MustParsePrefix("fd42::/56"), netip.MustParsePrefix("fd43::/112")
	return c
}

// With fills in the networks that every resolved configuration has.
func With(c config.Config) config.Config {
	c.PodNetwork = netip.MustParsePrefix(config.DefaultPodNetwork)
	c.ServiceNetwork = netip.MustParsePrefix(config.DefaultServiceNetwork)
	return c
}
