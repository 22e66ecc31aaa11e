package dns

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"

	"kubesolo-os/engine/durable"
	"kubesolo-os/engine/given"
	"kubesolo-os/engine/logs"
)

// writing: both who starts pods and who follows the host's file do.
var writing sync.Mutex

// WriteForPods writes what pods get of the host's resolv.conf, at a place where the kubelet finds it. There is always
// such a file, for without one no pod starts.
func WriteForPods(resolvConf, file string) error {
	writing.Lock()
	defer writing.Unlock()
	text, err := given.Read(resolvConf)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		logs.Line(component, "pods get no name servers of the host's: %s: %v", resolvConf, err)
	}
	wanted := forPods(string(text))
	if present, err := os.ReadFile(file); err == nil && string(present) == wanted {
		return nil
	}
	return durable.Replace(file, []byte(wanted), 0o644)
}

// forPods leaves out the site's domains, of the DHCP server or anybody else. The kubelet puts them behind the cluster's
// own, and most names inside have fewer than five dots: a C library tries them with the site's domain as well, and
// asks outside about what is inside. Musl gives up when that server fails; one that knows all names gives a wrong
// address. Pure.
func forPods(resolvConf string) string {
	var kept strings.Builder
	for line := range strings.Lines(resolvConf) {
		switch keyword, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(line, "\t", " ")), " "); keyword {
		case "nameserver", "options":
			kept.WriteString(strings.TrimSpace(line) + "\n")
		}
	}
	return kept.String()
}
