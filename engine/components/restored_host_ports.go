package components

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/given"
	"kubesolo-os/engine/nftables"
)

const (
	hostPortTable = "cni_hostport"
	// cniResults is where the runtime keeps what it did for each pod's network (libcni's cache).
	cniResults = "/var/lib/cni/results"
)

// podEnds is longer than the plugin takes to remove a pod's rules.
const podEnds = 2 * time.Second

// attachment is what is kept there of a pod.
type attachment struct {
	ContainerID    string                     `json:"containerId"`
	Network        string                     `json:"networkName"`
	Config         []byte                     `json:"config"`
	Interface      string                     `json:"ifName"`
	Namespace      string                     `json:"netns"`
	CapabilityArgs map[string]json.RawMessage `json:"capabilityArgs"`
	Result         json.RawMessage            `json:"result"`
}

// hostPorts writes the rules of pods' host ports again by the CNI plugin that wrote them first, of all families at once.
type hostPorts struct {
	c        config.Config
	families []family
}

func (h hostPorts) restore(ctx context.Context) (bool, error) {
	wanted, err := readAttachments()
	if err != nil {
		return false, err
	}
	holds, isWhole := h.look(ctx, wanted)
	if !holds && isWhole { // a pod ends: its rules go first, those of one family after the other, and then what is kept of it
		select {
		case <-time.After(podEnds):
		case <-ctx.Done():
			return false, ctx.Err()
		}
		if wanted, err = readAttachments(); err != nil {
			return false, err
		}
		holds, _ = h.look(ctx, wanted)
	}
	if holds {
		return false, nil
	}
	// What is left of it would be there twice.
	for _, f := range h.families {
		if err := nftables.Apply(ctx, nftables.Remove(f.table(hostPortTable))); err != nil {
			return false, err
		}
	}
	for _, each := range wanted {
		if err := h.add(ctx, each); err != nil {
			return false, err
		}
	}
	wanted, err = readAttachments()
	if holds, _ := h.look(ctx, wanted); err == nil && !holds {
		err = errors.New("a pod came in between")
	}
	return true, err
}

func readAttachments() (found []attachment, err error) {
	files, err := filepath.Glob(filepath.Join(cniResults, "*"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := given.Read(file)
		if err != nil { // the pod has ended just now, or it is nothing of the runtime's
			continue
		}
		var each attachment
		if err := json.Unmarshal(text, &each); err != nil {
			continue // of a write that was cut off: that pod gets a new network
		}
		var mappings []any
		if each.Network == ownNetwork && json.Unmarshal(each.CapabilityArgs["portMappings"], &mappings) == nil && len(mappings) > 0 {
			found = append(found, each)
		}
	}
	return found, nil
}

// look: holds says whether each pod has its rules and packets get to them, isWhole whether they would.
func (h hostPorts) look(ctx context.Context, wanted []attachment) (holds, isWhole bool) {
	holds, isWhole = true, true
	for _, f := range h.families {
		concerned := slices.DeleteFunc(slices.Clone(wanted), func(each attachment) bool { return !each.has(f) })
		if len(concerned) == 0 {
			continue
		}
		text, err := exec.CommandContext(ctx, "nft", "list", "table", f.rules, hostPortTable).Output()
		isWhole = isWhole && err == nil && leadsToHostPorts(string(text))
		holds = holds && isWhole && hasHostPorts(string(text), concerned)
	}
	return holds, isWhole
}

func hasHostPorts(listing string, wanted []attachment) bool {
	for _, each := range wanted {
		if strings.Count(listing, each.ContainerID) < 2 { // where to, and the masquerade
			return false
		}
	}
	return true
}

func leadsToHostPorts(listing string) bool {
	const fromPackets, within = "jump hostports_all", "jump hostports\n"
	return strings.Count(listing, fromPackets) == 2 && strings.Contains(listing, within)
}

// has says whether the plugin wrote rules of this family for the pod: it has such an address, and a port that isn't only for one
// of the other.
func (a attachment) has(f family) bool {
	var result struct {
		IPs []struct {
			Address netip.Prefix `json:"address"`
		} `json:"ips"`
	}
	var mappings []struct {
		HostIP string `json:"hostIP"`
	}
	if json.Unmarshal(a.Result, &result) != nil || json.Unmarshal(a.CapabilityArgs["portMappings"], &mappings) != nil {
		return false
	}
	hasAddress := false
	for _, each := range result.IPs {
		hasAddress = hasAddress || f.has(each.Address.Addr())
	}
	for _, each := range mappings {
		address, err := netip.ParseAddr(each.HostIP)
		if hasAddress && (err != nil || f.has(address)) { // mostly it is ""
			return true
		}
	}
	return false
}

func (h hostPorts) add(ctx context.Context, a attachment) error {
	input, err := portmapInput(a)
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, filepath.Join(h.c.CNIPrograms(), "portmap"))
	command.Stdin = bytes.NewReader(input)
	command.Env = append(os.Environ(), "CNI_COMMAND=ADD", "CNI_CONTAINERID="+a.ContainerID, "CNI_NETNS="+a.Namespace,
		"CNI_IFNAME="+a.Interface, "CNI_PATH="+h.c.CNIPrograms())
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("portmap: %w: %s", err, bytes.TrimSpace(output))
	}
	return nil
}

// portmapInput is what the plugin reads (CNI specification, section 2), as the runtime wrote it when the pod was made.
func portmapInput(a attachment) ([]byte, error) {
	var list struct {
		Version string           `json:"cniVersion"`
		Name    string           `json:"name"`
		Plugins []map[string]any `json:"plugins"`
	}
	if err := json.Unmarshal(a.Config, &list); err != nil {
		return nil, err
	}
	for _, plugin := range list.Plugins {
		if plugin["type"] != config.OwnPlugin+"portmap" && plugin["type"] != "portmap" { // as engines before December 2026 wrote it
			continue
		}
		plugin["cniVersion"], plugin["name"] = list.Version, list.Name
		plugin["prevResult"] = a.Result
		plugin["runtimeConfig"] = map[string]any{"portMappings": a.CapabilityArgs["portMappings"]}
		return json.Marshal(plugin)
	}
	return nil, fmt.Errorf("the network of container %s has no host ports", a.ContainerID)
}
