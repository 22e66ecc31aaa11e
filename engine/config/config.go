// Package config says what a run of the engine may be told, and where its files are.
// Pure: it reads no file and no clock, and the environment is passed in.
package config

import (
	"net/netip"
	"path/filepath"
	"time"
)

// Fixed parts of the contract with the operating system and with clusters already installed.
const (
	RunDirectory     = "/run/kubesolo"
	ContainerdSocket = "/run/containerd/containerd.sock"
	CNIConfiguration = "/etc/cni/net.d"
	PodNetwork       = "10.42.0.0/16"
	NodePodNetwork   = "10.42.0.0/24"
	ServiceNetwork   = "10.43.0.0/16"
	KubernetesIP     = "10.43.0.1"
	DNSIP            = "10.43.0.10"
	ClusterDomain    = "cluster.local"
	APIServerURL     = "https://127.0.0.1:6443"
	PauseImage       = "localhost/pause:1"

	DefaultPath    = "/var/lib/kubesolo"
	DefaultLibrary = "/usr/lib/kubesolo-os"
)

// Config is everything a person can decide about one run.
type Config struct {
	Path           string     // all state that survives a restart
	Library        string     // helper programs and preloaded images, read-only
	NodeName       string     // the name of the one node
	NodeIP         netip.Addr // the zero value means: find it
	ExtraSANs      []string   // more names or addresses for the API server's certificate
	StartupTimeout time.Duration
	Debug          bool
}

// PKI is a file below the directory of keys and certificates.
func (c Config) PKI(parts ...string) string {
	return filepath.Join(append([]string{c.Path, "pki"}, parts...)...)
}

func (c Config) AdminKubeconfig() string    { return c.PKI("admin", "admin.kubeconfig") }
func (c Config) DatabaseFile() string       { return filepath.Join(c.Path, "kine", "state.db") }
func (c Config) ContainerdRoot() string     { return filepath.Join(c.Path, "containerd") }
func (c Config) KubeletRoot() string        { return filepath.Join(c.Path, "kubelet") }
func (c Config) VolumePlugins() string      { return filepath.Join(c.Path, "volume-plugins") }
func (c Config) BootIDFile() string         { return filepath.Join(c.Path, ".boot-id") }
func (c Config) Program(name string) string { return filepath.Join(c.Library, "bin", name) }
func (c Config) CNIPrograms() string        { return filepath.Join(c.Library, "cni") }

// ImageFolders are loaded at every start; the system's own come first.
func (c Config) ImageFolders() []string {
	return []string{filepath.Join(c.Library, "images"), filepath.Join(c.Path, "images")}
}
