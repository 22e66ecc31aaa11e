package node

import (
	"os"
	"slices"
	"strings"

	"kubesolo-os/engine/config"
)

// ChooseName: a node keeps the name under which it registered first, whatever the host is called later, for its pods and
// volumes belong to that name. Only the configuration (asked) gives it another one; before is then the name that its
// state has. kept is what ReadName found, registered are the nodes of the cluster, first the one that was written to last. Pure.
func ChooseName(asked, kept string, registered []string, hostname string) (name, before string) {
	has := kept
	if has == "" && len(registered) > 0 { // the state of a release that kept no name, or of KubeSolo
		has = registered[0]
		if slices.Contains(registered, hostname) {
			has = hostname
		}
	}
	switch {
	case asked != "" && has != "" && asked != has:
		return asked, has
	case asked != "":
		return asked, ""
	case has != "":
		return has, ""
	}
	return hostname, ""
}

// ReadName is the name in the file; "" when there is none that could be a node's.
func ReadName(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	name := strings.TrimSpace(string(text))
	if !config.IsNodeName(name) {
		return ""
	}
	return name
}
