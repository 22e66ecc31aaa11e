// Package cni chooses which network pods are connected to: the first of the configurations in a folder that can work, and the
// engine's own when there is none. What people install there (Multus, a mesh) so counts, and can't leave a node without a network.
package cni

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/utils"

	"kubesolo-os/engine/given"
)

// Choice is what pods are connected by.
type Choice struct {
	File    string // whose it is; "" means: none could be used, and it is the engine's own
	List    []byte // a network configuration list
	Refused []string
}

// endings are those that runtimes read.
var endings = []string{".conf", ".conflist", ".json"}

// Choose takes the first by name, as runtimes do, that can be read and whose plugins are there. find says why one can't be run. Pure.
func Choose(files []given.File, own []byte, find func(plugin string) error) Choice {
	var refused []string
	ordered := slices.SortedFunc(slices.Values(files), func(a, b given.File) int { return strings.Compare(a.Name, b.Name) })
	for _, file := range ordered {
		list, err := parse(file)
		if err == nil {
			err = checkPlugins(list, find)
		}
		if err == nil {
			return Choice{file.Name, list.Bytes, refused}
		}
		refused = append(refused, fmt.Sprintf("%s: %v", file.Name, err))
	}
	return Choice{"", own, refused}
}

// parse: a file holds a list, or by its ending one plugin alone.
func parse(file given.File) (*libcni.NetworkConfigList, error) {
	var list *libcni.NetworkConfigList
	var err error
	if filepath.Ext(file.Name) == ".conflist" {
		list, err = libcni.NetworkConfFromBytes(file.Text)
	} else {
		var plugin *libcni.PluginConfig
		if plugin, err = libcni.NetworkPluginConfFromBytes(file.Text); err == nil {
			list, err = libcni.ConfListFromConf(plugin)
		}
	}
	if err != nil {
		return nil, err
	}
	if wrong := utils.ValidateNetworkName(list.Name); wrong != nil {
		return nil, wrong
	}
	if len(list.Plugins) == 0 {
		return nil, errors.New("it names no plugin")
	}
	return list, nil
}

func checkPlugins(list *libcni.NetworkConfigList, find func(string) error) error {
	for _, plugin := range list.Plugins {
		for _, name := range []string{plugin.Network.Type, plugin.Network.IPAM.Type} {
			if name == "" { // a plugin needs no addresses; one without a type isn't read
				continue
			}
			if err := find(name); err != nil {
				return fmt.Errorf("its plugin %q can't be run: %w", name, err)
			}
		}
	}
	return nil
}
