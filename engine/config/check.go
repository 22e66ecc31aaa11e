package config

import (
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	kubelet "k8s.io/kubelet/pkg/apis"
	"k8s.io/utils/cpuset"
)

// PolicyNone and PolicyStatic are the kubelet's policies for CPUs.
const (
	PolicyNone   = "none"
	PolicyStatic = "static"
)

// mask stands for a secret in what --print-config prints; it is no right value, so that a printed file
// can't be used by mistake.
const mask = "********"

// IsNodeAddress says whether pods and other machines could reach the node at this address.
func IsNodeAddress(address netip.Addr) bool {
	return address.Is4() && address.IsGlobalUnicast()
}

// IsNodeName says whether Kubernetes takes the name for a node.
func IsNodeName(name string) bool { return len(validation.IsDNS1123Subdomain(name)) == 0 }

// isNodeLabel: what a kubelet takes by --node-labels (cmd/kubelet/app/options, ValidateKubeletFlags).
func isNodeLabel(name, value string) bool {
	domain, _, isQualified := strings.Cut(name, "/")
	isKubernetes := isQualified && slices.ContainsFunc([]string{"kubernetes.io", "k8s.io"}, func(own string) bool {
		return domain == own || strings.HasSuffix(domain, "."+own)
	})
	return len(validation.IsQualifiedName(name)) == 0 && len(validation.IsValidLabelValue(value)) == 0 &&
		(!isKubernetes || kubelet.IsKubeletLabel(name))
}

func isSubjectName(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return IsNodeName(strings.TrimPrefix(name, "*."))
}

func isMTU(bytes int) bool { return bytes == 0 || bytes >= 576 && bytes <= 65535 }

func isWord(text string) bool { return !strings.ContainsAny(text, " \t\r\n") }

func isKey(text string) bool { return isWord(text) && text != mask }

func isCPUPolicy(policy string) bool { return policy == PolicyNone || policy == PolicyStatic }

func isCPUSet(text string) bool {
	set, err := cpuset.Parse(text)
	return err == nil && set.Size() > 0
}

// isCPUPolicyOption: those that need no feature gate (kubernetes.io, "Control CPU Management Policies").
func isCPUPolicyOption(name, value string) bool {
	options := []string{"full-pcpus-only", "strict-cpu-reservation", "distribute-cpus-across-numa", "prefer-align-cpus-by-uncorecache"}
	_, err := strconv.ParseBool(value)
	return err == nil && slices.Contains(options, name)
}

func isReservation(name, quantity string) bool {
	if !slices.Contains([]string{"cpu", "memory", "ephemeral-storage", "pid"}, name) {
		return false
	}
	parsed, err := resource.ParseQuantity(quantity)
	return err == nil && parsed.Sign() >= 0
}

func absolutePath(at func(*Config) *string) field {
	return field{
		set: func(c *Config, text string) string {
			if !filepath.IsAbs(text) {
				return text
			}
			*at(c) = filepath.Clean(text)
			return ""
		},
		get: func(c *Config) any { return *at(c) },
	}
}

// nodeName is in lower case, as the kubelet makes it.
var nodeName = field{
	set: func(c *Config, text string) string {
		name := strings.ToLower(text)
		if !IsNodeName(name) {
			return text
		}
		c.NodeName = name
		return ""
	},
	get: func(c *Config) any { return c.NodeName },
}

var metricsAddress = field{
	set: func(c *Config, text string) string {
		full := text
		if strings.HasPrefix(text, ":") {
			full = "0.0.0.0" + text
		}
		value, err := netip.ParseAddrPort(full)
		if err != nil || value.Port() == 0 {
			return text
		}
		c.MetricsAddress = value
		return ""
	},
	get: func(c *Config) any { return c.MetricsAddress.String() },
}

// imageName keeps the full form of a name: portainer/agent is docker.io/portainer/agent:latest.
func imageName(at func(*Config) *string) field {
	return field{
		set: func(c *Config, text string) string {
			full, err := reference.ParseDockerRef(text)
			if err != nil {
				return text
			}
			*at(c) = full.String()
			return ""
		},
		get: func(c *Config) any { return *at(c) },
	}
}

// isPidsLimit: fewer than some programs need from the start, or more than the kernel has numbers for, is a mistake.
func isPidsLimit(n int) bool { return n >= 64 && n <= 4_194_304 }
