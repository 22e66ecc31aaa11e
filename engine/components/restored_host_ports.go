package components

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/given"
	"kubesolo-os/engine/nftables"
)

const (
	hostPortTable = "ip cni_hostport"
	// cniResults is where the runtime keeps what it did for each pod's network (libcni's cache).
	cniResults = "/var/lib/cni/results"
)

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

// hostPorts writes the rules of pods' host ports again by the CNI plugin that wrote them first.
type hostPorts struct{ c config.Config }

func (h hostPorts) restore(ctx context.Context) (bool, error) {
	wanted, err := readAttachments()
	if err != nil {
		return false, err
	}
	if len(wanted) == 0 || hostPortsHold(ctx, wanted) {
		return false, nil // a pod has ended
	}
	// What is left of it would be there twice.
	if err := nftables.Apply(ctx, nftables.Remove(hostPortTable)); err != nil {
		return false, err
	}
	for _, each := range wanted {
		if err := h.add(ctx, each); err != nil {
			return false, err
		}
	}
	if wanted, err = readAttachments(); err == nil && !hostPortsHold(ctx, wanted) {
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

// hostPortsHold: each pod has its rules, and packets get to them.
func hostPortsHold(ctx context.Context, wanted []attachment) bool {
	text, err := exec.CommandContext(ctx, "nft", append([]string{"list", "table"}, strings.Fields(hostPortTable)...)...).Output()
	if err != nil {
		return false
	}
	return hasHostPorts(string(text), wanted)
}

func hasHostPorts(listing string, wanted []attachment) bool {
	for _, each := range wanted {
		if strings.Count(listing, each.ContainerID) < 2 { // where to, and the masquerade
			return false
		}
	}
	const fromPackets, within = "jump hostports_all", "jump hostports\n"
	return strings.Count(listing, fromPackets) == 2 && strings.Contains(listing, within)
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
