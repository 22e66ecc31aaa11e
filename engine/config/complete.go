package config

import (
	"fmt"
	"strings"

	"k8s.io/utils/cpuset"
)

// complete fills in what the machine decides, and checks what concerns several settings.
func (r *Resolved) complete(machine Machine) (problems []string) {
	r.Config.Hostname = strings.ToLower(machine.Hostname)
	problems = append(problems, r.checkNetworks()...)
	problems = append(problems, r.checkStubZones()...)
	problems = append(problems, r.checkGates()...)
	problems = append(problems, r.checkTogether("portainer.edgeID", "portainer.edgeKey")...)
	problems = append(problems, r.checkTogether("pki.caCert", "pki.caKey")...)
	return append(problems, r.checkCPUs(machine.CPUs)...)
}

func (r *Resolved) textOf(key string) string   { return r.winners[settingOfKey(key)].text }
func (r *Resolved) originOf(key string) string { return r.winners[settingOfKey(key)].origin }

func (r *Resolved) checkTogether(first, second string) []string {
	if r.textOf(first) == "" {
		first, second = second, first
	}
	if r.textOf(first) == "" || r.textOf(second) != "" {
		return nil
	}
	return []string{fmt.Sprintf("%s: is of no use without %s; give both or neither", r.originOf(first), second)}
}

const (
	reservedKey = "kubernetes.kubelet.cpuManager.reservedCPUs"
	policyKey   = "kubernetes.kubelet.cpuManager.policy"
	optionsKey  = "kubernetes.kubelet.cpuManager.policyOptions"
)

func (r *Resolved) checkCPUs(count int) []string {
	c := &r.Config
	if c.CPUPolicy == PolicyStatic && c.ReservedCPUs == "" {
		c.ReservedCPUs = "0" // the kubelet would refuse to start with none
	}
	if c.CPUPolicy == PolicyNone && len(c.CPUPolicyOptions) > 0 {
		return []string{fmt.Sprintf("%s: is of no use without the policy %s", r.originOf(optionsKey), PolicyStatic)}
	}
	reserved, err := cpuset.Parse(c.ReservedCPUs)
	if err != nil || reserved.Size() == 0 {
		return nil
	}
	highest := reserved.List()[reserved.Size()-1]
	if highest < count && reserved.Size() < count {
		return nil
	}
	origin := r.originOf(reservedKey)
	if origin == "" {
		origin = r.originOf(policyKey)
	}
	return []string{fmt.Sprintf("%s: cannot reserve %q: this machine has %d CPUs, counted from 0, and one must be left for pods",
		origin, c.ReservedCPUs, count)}
}
