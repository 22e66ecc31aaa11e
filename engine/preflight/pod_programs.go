package preflight

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/ports"
)

// Ended is a container that had taken a port of the engine's while no engine ran.
type Ended struct {
	PodUID string
	What   string // for people
}

// FreePorts ends containers on the node's network that listen where the engine is going to. Nobody else could: without an
// engine no pod can be deleted. Started again by the kubelet, they find the port taken. Programs that are no pod's are left.
func FreePorts(c config.Config) ([]Ended, error) {
	if holder, err := readHolder(c.Path); err != nil || holder.Present {
		return nil, err
	}
	listeners, err := readListeners(c)
	if err != nil {
		return nil, err
	}
	var ended []Ended
	for _, each := range listeners {
		if each.Cgroup == "" {
			continue
		}
		if err := endContainer(each.Cgroup); err != nil {
			return ended, fmt.Errorf("cannot end %s, which has taken port %d: %w", each.Process, each.Address.Port(), err)
		}
		ended = append(ended, Ended{podUID(each.Cgroup), describeTaken(each, ports.Of(c))})
	}
	return ended, nil
}

func describeTaken(l Listener, all []ports.Port) string {
	i := slices.IndexFunc(all, func(p ports.Port) bool { return takes(l, p) })
	return fmt.Sprintf("%s listened on port %d/TCP, which belongs to %s, while the engine was not running: its container was ended; "+
		"choose another port, or an address of the node's to listen on", l.Process, l.Address.Port(), all[i].Owner)
}

// containerCgroup is …/kubepods/…/podUID/CONTAINER, whichever hierarchies there are.
var containerCgroup = regexp.MustCompile(`(?m)^\d+:[^:]*:(.*/pod([0-9a-f-]{36})/[^/\n]+.*)$`)

// podCgroup reads /proc/PID/cgroup, cgroups(7). Pure.
func podCgroup(text string) string {
	for _, found := range containerCgroup.FindAllStringSubmatch(text, -1) {
		if strings.Contains(found[1], "/kubepods/") {
			return found[1]
		}
	}
	return ""
}

func podUID(cgroup string) string {
	return containerCgroup.FindStringSubmatch("0::" + cgroup)[2]
}

const (
	endPatience = 5 * time.Second
	endPoll     = 10 * time.Millisecond
)

// endContainer kills until nobody is left: a program may be started anew in between.
func endContainer(cgroup string) error {
	for limit := time.Now().Add(endPatience); ; time.Sleep(endPoll) {
		folders, err := filepath.Glob("/proc/[0-9]*")
		if err != nil {
			return err
		}
		left := 0
		for _, folder := range folders {
			process := filepath.Base(folder)
			if readCgroup(process) != cgroup || isZombie(process) {
				continue
			}
			left++
			id, err := strconv.Atoi(process)
			if err != nil {
				return err
			}
			if err := unix.Kill(id, unix.SIGKILL); err != nil && err != unix.ESRCH {
				return err
			}
		}
		if left == 0 {
			return nil
		}
		if time.Now().After(limit) {
			return fmt.Errorf("it is still there after %s", endPatience)
		}
	}
}

// isZombie: one whose parent hasn't asked for it yet has no sockets any more.
func isZombie(process string) bool {
	text, err := os.ReadFile(filepath.Join("/proc", process, "stat"))
	if err != nil {
		return true
	}
	// "PID (NAME) STATE …": the name may hold brackets, proc_pid_stat(5).
	rest := string(text[strings.LastIndexByte(string(text), ')')+1:])
	return strings.HasPrefix(rest, " Z")
}
