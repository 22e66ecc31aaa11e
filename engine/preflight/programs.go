package preflight

import (
	"path/filepath"

	"kubesolo-os/engine/config"
)

// Programs is what the engine starts.
type Programs struct {
	Library     bool              // the folder is there
	Unusable    map[string]string // program → why; of wantedPrograms
	FoundInPath map[string]bool   // of pathPrograms
}

// wantedPrograms are below the library folder.
func wantedPrograms(c config.Config) map[string]string {
	return map[string]string{
		c.Program("runc"):                                             "containers are started by it",
		c.Program("containerd-shim-runc-v2"):                          "each pod has one",
		filepath.Join(c.CNIPrograms(), config.OwnPlugin+"bridge"):     "pods are connected by it",
		filepath.Join(c.CNIPrograms(), config.OwnPlugin+"host-local"): "pods get their addresses from it",
		filepath.Join(c.CNIPrograms(), config.OwnPlugin+"portmap"):    "pods get ports of the node by it",
	}
}

// pathPrograms come with the operating system.
var pathPrograms = []struct{ name, user, hint string }{
	{"nft", "kube-proxy and the pods' network write their rules with it", "install nftables"},
	{"mount", "the kubelet mounts volumes with it", "install it"},
	{"umount", "the kubelet unmounts volumes with it", "install it"},
}

func checkPrograms(p Programs, c config.Config) (problems []Problem) {
	if !p.Library {
		problems = append(problems, fatal("put runc, the shim, the CNI programs and the images there, or name another folder by KUBESOLO_LIB",
			"there is no folder %s with the engine's helper programs", c.Library))
	} else {
		wanted := wantedPrograms(c)
		for _, file := range sortedKeys(wanted) {
			if why := p.Unusable[file]; why != "" {
				problems = append(problems, fatal("put it there, or name another folder by KUBESOLO_LIB", "cannot run %s: %s: %s", file, why, wanted[file]))
			}
		}
	}
	for _, program := range pathPrograms {
		if !p.FoundInPath[program.name] {
			problems = append(problems, fatal(program.hint, "there is no program %s in PATH: %s", program.name, program.user))
		}
	}
	return problems
}
