package config

import (
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/validation"
)

const shortestStartup = 10 * time.Second

// check turns the flags' texts into a Config, or says which one is wrong.
func check(values raw, environment func(string) string, hostname string) (Config, error) {
	config := Config{
		Path:           filepath.Clean(values.path),
		Library:        orDefault(environment("KUBESOLO_LIB"), DefaultLibrary),
		NodeName:       orDefault(environment("KUBESOLO_NODE_NAME"), strings.ToLower(hostname)),
		ExtraSANs:      values.extraSANs,
		StartupTimeout: values.startupTimeout,
		Debug:          values.debug,
	}
	if !filepath.IsAbs(config.Path) {
		return Config{}, badValue("--path", values.path, "an absolute path such as "+DefaultPath)
	}
	if !filepath.IsAbs(config.Library) {
		return Config{}, badValue("KUBESOLO_LIB", config.Library, "an absolute path such as "+DefaultLibrary)
	}
	if len(validation.IsDNS1123Subdomain(config.NodeName)) > 0 {
		return Config{}, badValue("KUBESOLO_NODE_NAME", config.NodeName, "lower-case letters, digits, '-' and '.', such as node-1")
	}
	if config.StartupTimeout < shortestStartup {
		return Config{}, badValue("--startup-timeout", values.startupTimeout.String(), "at least "+shortestStartup.String())
	}
	for _, name := range config.ExtraSANs {
		if !isSubjectName(name) {
			return Config{}, badValue("--apiserver-extra-sans", name, "a DNS name or an IP address, such as node.example.com")
		}
	}
	if values.nodeIP == "" {
		return config, nil
	}
	address, err := netip.ParseAddr(values.nodeIP)
	if err != nil || !IsNodeAddress(address) {
		return Config{}, badValue("--node-ip", values.nodeIP, "an IPv4 address of this machine, such as 192.168.1.10")
	}
	config.NodeIP = address
	return config, nil
}

// IsNodeAddress says whether pods and other machines could reach the node at this address.
func IsNodeAddress(address netip.Addr) bool {
	return address.Is4() && address.IsGlobalUnicast()
}

func isSubjectName(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return len(validation.IsDNS1123Subdomain(strings.TrimPrefix(name, "*."))) == 0
}

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
