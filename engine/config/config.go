// Package config says what a run of the engine may be told, and where its files are.
// Pure but for ReadFile: it reads no clock, and the environment is passed in.
package config

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"time"
)

// Fixed parts of the contract with the operating system and with clusters already installed.
const (
	RunDirectory      = "/run/kubesolo"
	HealthSocket      = RunDirectory + "/health.sock"
	ReadyFile         = RunDirectory + "/ready"           // there from ready until stopped; seconds that the start took
	OverlapFile       = RunDirectory + "/network-overlap" // for the console; there while a network of the host is also the cluster's
	FingerprintFile   = RunDirectory + "/ca-fingerprint"  // of the CA below which the API server's certificate is: SHA256: and its hash in base64, as OpenSSH writes it
	AccessFile        = RunDirectory + "/access"          // for the console; there while something of what people are known by can't be used
	ContainerdSocket  = "/run/containerd/containerd.sock"
	ContainerdDropIns = "/etc/containerd/conf.d"  // of people, as containerd's own configuration imports them
	NRISocket         = "/var/run/nri/nri.sock"   // where plugins look for it
	CNIConfiguration  = "/etc/cni/net.d"          // of networks; what is installed writes there
	CNIPlugins        = "/opt/cni/bin"            // and its plugins there
	OwnPlugin         = "kubesolo-"               // what names of plugins of the engine's own network begin with: other people's of the usual names come first
	PodNetworkFolder  = RunDirectory + "/network" // what the runtime reads of it
	KubeletRoot       = "/var/lib/kubelet"        // where storage drivers and device plugins look for it; KubeletState is bound there
	DNSPort           = 53                        // where cluster DNS is asked, of the Service and of PodGateway
	ClusterDomain     = "cluster.local"
	APIServerPort     = 6443
	KubeletPort       = 10250
	ProxyMetricsPort  = 10249 // on 127.0.0.1
	ProxyHealthPort   = 10256 // on 127.0.0.1
	PauseImage        = "localhost/pause:1"

	// No pod is cluster DNS, but rules for its clients are written as if these were its labels: they fit
	// the address PodGateway.
	DNSNamespace  = "kube-system"
	DNSLabel      = "k8s-app"
	DNSLabelValue = "kube-dns"

	DefaultFile    = "/etc/kubesolo/config.yaml"
	DefaultPath    = "/var/lib/kubesolo"
	DefaultLibrary = "/usr/lib/kubesolo-os"

	// RegistryHosts has a folder for each registry that is not pulled from as its name says: HOST:PORT/hosts.toml.
	RegistryHosts = "/etc/kubesolo/certs.d"

	// AuditLog is what an audit policy has written down.
	AuditLog = "/var/log/kubesolo-audit.log"

	// ConfiguredImages has links to archives that the node's configuration names; it is made anew at each boot.
	ConfiguredImages = "/run/kubesolo-os/images"

	// SystemMetrics has files in Prometheus' text format, NAME.prom, of the system around the engine.
	SystemMetrics = "/run/kubesolo-os/metrics"

	// SystemAgent makes an archive of all about a sick system, which the API server gives out at SupportPath.
	SystemAgent = "kubesolo-os-agent"
	SupportPath = "/kubesolo-os/support"
)

// APIServerURL is for the node itself.
var APIServerURL = fmt.Sprintf("https://127.0.0.1:%d", APIServerPort)

// Config is everything a person can decide about one run.
type Config struct {
	Path           string            // all state that survives a restart
	Library        string            // helper programs and preloaded images, read-only
	NodeName       string            // the name of the one node; "" means: as its state calls it, or else the host
	NodeNameBefore string            // what its state calls the node, where that is to change; "" means: it isn't
	Hostname       string            // the host's, in lower case
	NodeLabels     map[string]string // that it has when it registers for the first time
	NodeIP         netip.Addr        // the zero value means: find it
	PodNetwork     netip.Prefix      // of which the node's pods have a part
	ServiceNetwork netip.Prefix      // of Services' addresses
	// The same of IPv6; the zero values mean: there is none.
	PodNetwork6, ServiceNetwork6 netip.Prefix
	ExtraSANs                    []string // more names or addresses for the API server's certificate
	ClientCA                     string   // file of more authorities whose certificates the API server takes; "" means: there are none
	Authentication               string   // file of an AuthenticationConfiguration; "" means: there is none
	// Files with configurations of Kubernetes' own for the API server; "" means: there is none.
	AdmissionConfig, AuditPolicy, EncryptionConfig string
	StartupTimeout                                 time.Duration
	// ShutdownGracePeriod bounds what pods get to end before the machine goes down.
	ShutdownGracePeriod time.Duration
	Debug               bool

	LoadBalancer   bool       // give Services of type LoadBalancer an address
	LoadBalancerIP netip.Addr // the zero value means: the node's
	LocalStorage   bool       // provision volumes of the class local-path
	StrictStorage  bool       // refuse claims larger than what is free
	SharedPath     string     // where volumes of several pods at once are; "" means: there are none
	MTU            int        // of the pods' network; 0 means: that of the node's interface
	DisableIPv6    bool
	StubZones      map[string][]netip.AddrPort // zones of the site's, and whom cluster DNS asks about them
	Hosts          map[string][]netip.Addr     // names that cluster DNS itself knows
	FeatureGates   map[string]bool             // of Kubernetes', that differ from its defaults
	Metrics        bool                        // serve Prometheus metrics
	MetricsAddress netip.AddrPort
	MetricsAPI     bool // serve metrics.k8s.io

	CACertificate, CAKey string // files of a CA that is not the engine's own; both or neither

	ReservedCPUs     string            // that pods don't get, such as 0-1
	SystemReserved   map[string]string // resource names to quantities that pods don't get
	PodPidsLimit     int               // processes and threads that one pod may have at once
	CPUPolicy        string            // PolicyNone or PolicyStatic
	CPUPolicyOptions map[string]string // of PolicyStatic

	RepairDatabase bool // check it at the start, and mend it when its write-ahead log is damaged
	Portainer      Portainer
}

// Portainer is the agent by which a Portainer server reaches the node. It runs when there is a key.
type Portainer struct {
	EdgeID, EdgeKey string // both or neither
	Async           bool
	Image           string
}

// PKI is a file below the directory of keys and certificates.
func (c Config) PKI(parts ...string) string {
	return filepath.Join(append([]string{c.Path, "pki"}, parts...)...)
}

func (c Config) AdminKubeconfig() string    { return c.PKI("admin", "admin.kubeconfig") }
func (c Config) DatabaseFile() string       { return filepath.Join(c.Path, "kine", "db", "state.db") }
func (c Config) EarlierDatabase() string    { return filepath.Join(c.Path, "kine", "state.db") }  // of releases before November 2026
func (c Config) NodeNameFile() string       { return filepath.Join(c.Path, "kine", "node-name") } // of the node in the database beside it
func (c Config) ContainerdRoot() string     { return filepath.Join(c.Path, "containerd") }
func (c Config) KubeletState() string       { return filepath.Join(c.Path, "kubelet") }
func (c Config) KubeletDropIns() string     { return filepath.Join(c.KubeletState(), "config.d") } // of people
func (c Config) VolumePlugins() string      { return filepath.Join(c.Path, "volume-plugins") }
func (c Config) LocalVolumes() string       { return filepath.Join(c.Path, "local-path-storage") }
func (c Config) CrashFile() string          { return filepath.Join(c.Path, "crash.txt") }
func (c Config) Quarantine() string         { return filepath.Join(c.Path, "quarantine") }
func (c Config) BootIDFile() string         { return filepath.Join(c.Path, ".boot-id") }
func (c Config) Program(name string) string { return filepath.Join(c.Library, "bin", name) }
func (c Config) CNIPrograms() string        { return filepath.Join(c.Library, "cni") }

// ImageFolders are loaded at every start: the system's own, those that were baked into it with them, those beside the state.
func (c Config) ImageFolders() []string {
	return []string{filepath.Join(c.Library, "images"), filepath.Join(c.Library, "archives"), filepath.Join(c.Path, "images"), ConfiguredImages}
}
