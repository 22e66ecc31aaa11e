package config

import (
	"net/netip"
	"time"
)

// settings is all that can be decided, in the order of the help. Flags, keys of the file, environment,
// help, reference and --print-config are made from it. Names and meanings are KubeSolo's, from its
// documents "Configuration File" and "CPU Pinning".
var settings = []setting{
	{
		key: "path", flag: "path", fallback: DefaultPath,
		help:  "directory for all state",
		right: "an absolute path such as " + DefaultPath,
		field: absolutePath(func(c *Config) *string { return &c.Path }),
	},
	{
		key: "kubernetes.nodeName", environment: "KUBESOLO_NODE_NAME",
		help:  "name of the node; empty: the one that it has, or for a new one the host's name in lower case",
		right: "lower-case letters, digits, '-' and '.', such as node-1",
		field: nodeName,
	},
	{
		key: "kubernetes.nodeLabels", flag: "node-labels",
		help:  "labels that the node has when it registers for the first time",
		right: "labels such as site=berlin; of Kubernetes' own names only those that a kubelet may set, such as node.kubernetes.io/kind=box",
		field: pairsOf(func(c *Config) *map[string]string { return &c.NodeLabels }, isNodeLabel),
	},
	{
		key: podNetworkKey, flag: "pod-cidr", fallback: DefaultPodNetwork,
		help:  "the pods' network; must not overlap any that the node is to reach",
		right: "an IPv4 network of /8 to /25, such as 172.20.0.0/16; or one and an IPv6 network of /48 to /112: 172.20.0.0/16,fd20::/56",
		field: networks(func(c *Config) *netip.Prefix { return &c.PodNetwork }, func(c *Config) *netip.Prefix { return &c.PodNetwork6 },
			isPodNetwork, isPodNetwork6),
	},
	{
		key: serviceNetworkKey, flag: "service-cidr", fallback: DefaultServiceNetwork,
		help:  "the network of Services; the same",
		right: "an IPv4 network of /12 to /28, such as 172.21.0.0/16; or one and an IPv6 network of /108 to /120: 172.21.0.0/16,fd21::/112",
		field: networks(func(c *Config) *netip.Prefix { return &c.ServiceNetwork }, func(c *Config) *netip.Prefix { return &c.ServiceNetwork6 },
			isServiceNetwork, isServiceNetwork6),
	},
	{
		key: "network.nodeIP", flag: "node-ip",
		help:  "IPv4 address of the node; empty: that of the interface with the default route",
		right: "an IPv4 address of this machine, such as 192.168.1.10",
		field: address(func(c *Config) *netip.Addr { return &c.NodeIP }, IsNodeAddress),
	},
	{
		key: "kubernetes.apiServer.extraSANs", flag: "apiserver-extra-sans",
		help:  "more DNS names or IP addresses for the API server's certificate",
		right: "a DNS name or an IP address, such as node.example.com",
		field: listOf(func(c *Config) *[]string { return &c.ExtraSANs }, isSubjectName),
	},
	{
		key: "kubernetes.apiServer.clientCA", flag: "apiserver-client-ca",
		help:  "file of more authorities whose certificates the API server takes from people and programs",
		right: "an absolute path such as /etc/kubesolo/client-ca.crt",
		field: absolutePath(func(c *Config) *string { return &c.ClientCA }),
	},
	{
		key: "kubernetes.apiServer.authenticationConfigFile", flag: "apiserver-authentication-config-file",
		help:  "file with Kubernetes' AuthenticationConfiguration: whose tokens (OIDC) the API server takes",
		right: "an absolute path such as /etc/kubesolo/authentication.yaml",
		field: absolutePath(func(c *Config) *string { return &c.Authentication }),
	},
	{
		key: "kubernetes.apiServer.admissionConfigFile", flag: "apiserver-admission-config-file",
		help:  "file with Kubernetes' AdmissionConfiguration: settings of its admission plugins, such as Pod Security's defaults",
		right: "an absolute path such as /etc/kubesolo/admission.yaml",
		field: absolutePath(func(c *Config) *string { return &c.AdmissionConfig }),
	},
	{
		key: "kubernetes.apiServer.auditPolicyFile", flag: "apiserver-audit-policy-file",
		help:  "file with Kubernetes' audit Policy: which requests are noted in " + AuditLog,
		right: "an absolute path such as /etc/kubesolo/audit.yaml",
		field: absolutePath(func(c *Config) *string { return &c.AuditPolicy }),
	},
	{
		key: "kubernetes.apiServer.encryptionConfigFile", flag: "apiserver-encryption-config-file",
		help:  "file with Kubernetes' EncryptionConfiguration: what is encrypted in the database, and by which keys",
		right: "an absolute path such as /etc/kubesolo/encryption.yaml",
		field: absolutePath(func(c *Config) *string { return &c.EncryptionConfig }),
	},
	{
		key: "kubernetes.apiServer.startupTimeoutSeconds", flag: "startup-timeout", fallback: "600",
		help:  "give up when the node is not ready by then; seconds, or with a unit as 10m",
		right: "10 seconds to a day, such as 600 or 10m",
		field: seconds(func(c *Config) *time.Duration { return &c.StartupTimeout }, 10*time.Second, 24*time.Hour),
	},
	{
		key: featureGatesKey, flag: "feature-gates",
		help:  "Kubernetes' feature gates, for all its components at once",
		right: "gates of this Kubernetes with true or false, such as APIResponseCompression=false",
		why:   whyNoGate,
		field: featureGates,
	},
	{
		key: "kubernetes.kubelet.shutdownGracePeriodSeconds", flag: "shutdown-grace-period", fallback: "60",
		help:  "how long pods have to end before the machine goes down; seconds, or with a unit as 1m",
		right: "0 to 120 seconds, such as 60 or 1m",
		field: seconds(func(c *Config) *time.Duration { return &c.ShutdownGracePeriod }, 0, 2*time.Minute),
	},
	{
		key: "kubernetes.kubelet.systemReserved", flag: "system-reserved",
		help:  "what pods don't get: cpu, memory, ephemeral-storage, pid; memory=160Mi and pid=512 if not said otherwise",
		right: "quantities such as cpu=500m,memory=200Mi",
		field: pairsOf(func(c *Config) *map[string]string { return &c.SystemReserved }, isReservation),
	},
	{
		key: "kubernetes.kubelet.podPidsLimit", flag: "pod-max-pids", fallback: "1024",
		help:  "how many processes and threads a pod may have at once",
		right: "64 to 4194304, such as 1024",
		field: whole(func(c *Config) *int { return &c.PodPidsLimit }, isPidsLimit),
	},
	{
		key: "kubernetes.kubelet.cpuManager.reservedCPUs", flag: "reserved-cpus",
		help:  "CPUs that pods don't get, by number",
		right: "numbers of CPUs of this machine, and one more left over, such as 0 or 0-1,3",
		field: text(func(c *Config) *string { return &c.ReservedCPUs }, isCPUSet),
	},
	{
		key: "kubernetes.kubelet.cpuManager.policy", flag: "cpu-manager-policy", fallback: PolicyNone,
		help:  "static: pods with whole CPUs get them for themselves",
		right: PolicyNone + " or " + PolicyStatic,
		field: text(func(c *Config) *string { return &c.CPUPolicy }, isCPUPolicy),
	},
	{
		key: "kubernetes.kubelet.cpuManager.policyOptions", flag: "cpu-manager-policy-options",
		help:  "options of the static policy",
		right: "options such as full-pcpus-only=true,strict-cpu-reservation=true",
		field: pairsOf(func(c *Config) *map[string]string { return &c.CPUPolicyOptions }, isCPUPolicyOption),
	},
	{
		key: "network.mtu", flag: "mtu", fallback: "0",
		help:  "largest packet of the pods' network, in bytes; 0: that of the node's interface",
		right: "0, or 576 to 65535, such as 1400",
		field: whole(func(c *Config) *int { return &c.MTU }, isMTU),
	},
	{
		key: "network.disableIPv6", flag: "disable-ipv6", fallback: "false",
		help:  "answer no reverse DNS questions about IPv6 addresses",
		field: truth(func(c *Config) *bool { return &c.DisableIPv6 }),
	},
	{
		key: stubZonesKey, flag: "dns-stub-zones",
		help:  "zones that cluster DNS asks name servers of their own about",
		right: "zones outside the cluster, each with 1 to 15 IP addresses, such as corp.example=10.0.0.53+10.0.0.54:5353; in the file {corp.example: [10.0.0.53, '10.0.0.54:5353']}",
		field: listsOf(func(c *Config) *map[string][]netip.AddrPort { return &c.StubZones }, outsideName, nameServer, mostNameServers),
	},
	{
		key: "dns.hosts", flag: "dns-hosts",
		help:  "names that cluster DNS answers itself, with their addresses",
		right: "names outside the cluster with IP addresses, such as registry.local=192.168.1.5+fd00::5; in the file {registry.local: [192.168.1.5]}",
		field: listsOf(func(c *Config) *map[string][]netip.Addr { return &c.Hosts }, outsideName, hostAddress, mostAddresses),
	},
	{
		key: "network.loadBalancer.enabled", flag: "load-balancer", fallback: "true",
		help:  "give Services of type LoadBalancer an address",
		field: truth(func(c *Config) *bool { return &c.LoadBalancer }),
	},
	{
		key: "network.loadBalancer.ip", flag: "load-balancer-ip",
		help:  "which address that is; empty: the node's",
		right: "an IPv4 address that reaches this machine, such as 192.168.1.10",
		field: address(func(c *Config) *netip.Addr { return &c.LoadBalancerIP }, IsNodeAddress),
	},
	{
		key: "storage.localPath.enabled", flag: "local-storage", fallback: "true",
		help:  "provision volumes of the storage class local-path",
		field: truth(func(c *Config) *bool { return &c.LocalStorage }),
	},
	{
		key: "storage.localPath.sharedPath", flag: "local-storage-shared-path",
		help:  "directory for volumes that several pods write at once; empty: there are none",
		right: "an absolute path such as /mnt/shared",
		field: absolutePath(func(c *Config) *string { return &c.SharedPath }),
	},
	{
		key: "storage.localPath.strict", flag: "local-storage-strict", fallback: "false",
		help:  "refuse claims larger than what is free on the disk, instead of a warning",
		field: truth(func(c *Config) *bool { return &c.StrictStorage }),
	},
	{
		key: "storage.dbWALRepair", flag: "db-wal-repair", fallback: "false",
		help:  "check the database at every start; when it is damaged, put its write-ahead log aside",
		field: truth(func(c *Config) *bool { return &c.RepairDatabase }),
	},
	{
		key: "metrics.enabled", flag: "metrics-server", fallback: "true",
		help:  "serve Prometheus metrics",
		field: truth(func(c *Config) *bool { return &c.Metrics }),
	},
	{
		key: "metrics.bindAddress", flag: "metrics-bind-address", fallback: "127.0.0.1:9105",
		help:  "where they are served",
		right: "an IP address with a port, such as 127.0.0.1:9105",
		field: metricsAddress,
	},
	{
		key: "metrics.api", flag: "metrics-api", fallback: "true",
		help:  "serve what pods and the node use as metrics.k8s.io, for kubectl top and autoscaling; a metrics-server of your own is asked instead",
		field: truth(func(c *Config) *bool { return &c.MetricsAPI }),
	},
	{
		key: "pki.caCert", environment: "KUBESOLO_PKI_CA_CERT",
		help:  "file with your own CA's certificate; empty: the engine makes one",
		right: "an absolute path such as /etc/kubesolo/ca.crt",
		field: absolutePath(func(c *Config) *string { return &c.CACertificate }),
	},
	{
		key: "pki.caKey", environment: "KUBESOLO_PKI_CA_KEY",
		help:  "file with its key",
		right: "an absolute path such as /etc/kubesolo/ca.key",
		field: absolutePath(func(c *Config) *string { return &c.CAKey }),
	},
	{
		key: "portainer.edgeID", flag: "portainer-edge-id",
		help:  "this node's Edge ID at a Portainer server",
		right: "what Portainer shows, without spaces",
		field: text(func(c *Config) *string { return &c.Portainer.EdgeID }, isWord),
	},
	{
		key: "portainer.edgeKey", flag: "portainer-edge-key", secret: true,
		help:  "its Edge Key, a secret",
		right: "what Portainer shows, without spaces (and not the stars of --print-config)",
		field: text(func(c *Config) *string { return &c.Portainer.EdgeKey }, isKey),
	},
	{
		key: "portainer.async", flag: "portainer-edge-async", fallback: "false",
		help:  "the Portainer agent asks its server now and then, without a tunnel",
		field: truth(func(c *Config) *bool { return &c.Portainer.Async }),
	},
	{
		key: "portainer.image", flag: "portainer-edge-image", fallback: "docker.io/portainer/agent:lts",
		help:  "the Portainer agent's image",
		right: "an image's name such as docker.io/portainer/agent:lts",
		field: imageName(func(c *Config) *string { return &c.Portainer.Image }),
	},
	{
		key: "logging.debug", flag: "debug", fallback: "false",
		help:  "log what the components do, not only what goes wrong",
		field: truth(func(c *Config) *bool { return &c.Debug }),
	},
	{
		environment: "KUBESOLO_LIB", fallback: DefaultLibrary,
		help:  "directory of the helper programs and images",
		right: "an absolute path such as " + DefaultLibrary,
		field: absolutePath(func(c *Config) *string { return &c.Library }),
	},
}
