// The CNI plugins as one program: it is the one whose name it is started by. As upstream has them, each is a program of its own and
// they are twice as big together; engine/patches/plugins.patch makes packages of them.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/containernetworking/plugins/plugins/ipam/dhcp"
	hostlocal "github.com/containernetworking/plugins/plugins/ipam/host-local"
	"github.com/containernetworking/plugins/plugins/ipam/static"
	"github.com/containernetworking/plugins/plugins/main/bridge"
	"github.com/containernetworking/plugins/plugins/main/ipvlan"
	"github.com/containernetworking/plugins/plugins/main/loopback"
	"github.com/containernetworking/plugins/plugins/main/macvlan"
	"github.com/containernetworking/plugins/plugins/meta/bandwidth"
	"github.com/containernetworking/plugins/plugins/meta/portmap"
	"github.com/containernetworking/plugins/plugins/meta/tuning"
)

// src/image/engine.ts has the same names, for the links.
var plugins = map[string]func(){
	"bandwidth":  bandwidth.Main,
	"bridge":     bridge.Main,
	"dhcp":       dhcp.Main,
	"host-local": hostlocal.Main,
	"ipvlan":     ipvlan.Main,
	"loopback":   loopback.Main,
	"macvlan":    macvlan.Main,
	"portmap":    portmap.Main,
	"static":     static.Main,
	"tuning":     tuning.Main,
}

func main() {
	name := filepath.Base(os.Args[0])
	// The engine's own network has other names for what it needs: nobody else installs plugins by those.
	plugin := plugins[strings.TrimPrefix(name, "kubesolo-")]
	if plugin == nil {
		fmt.Fprintf(os.Stderr, "%q is no CNI plugin of this program: start it by the name of one\n", name)
		os.Exit(64)
	}
	plugin()
}
