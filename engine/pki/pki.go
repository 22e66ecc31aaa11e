// Package pki keeps the node's keys, certificates and kubeconfigs.
//
// A key, once written, is kept; a certificate is made again from it whenever it is missing or no
// longer says what it should. So a power cut at any point is repaired by the next start.
package pki

import (
	"net"
	"time"

	"kubesolo-os/engine/config"
)

// Subject is what a certificate is to say.
type Subject struct {
	Folder       string // below pki/, also the files' name: <Folder>/<Folder>.crt and .key
	CommonName   string
	Organization string
	Server       bool // for a server; otherwise for a client
	WithCA       bool // the file has the CA's certificate, too: who knows only its fingerprint gets it in the handshake
	DNSNames     []string
	IPs          []net.IP
	Kubeconfig   bool // also write <Folder>/<Folder>.kubeconfig
}

// Folders below pki/ that other packages name.
const (
	CA             = "ca"
	FrontProxyCA   = "front-proxy-ca"
	FrontProxy     = "front-proxy"
	APIServer      = "apiserver"
	KubeletClient  = "apiserver-kubelet-client"
	KubeletServer  = "kubelet-server"
	Kubelet        = "kubelet"
	Controllers    = "controller-manager"
	Scheduler      = "scheduler"
	Proxy          = "proxy"
	Admin          = "admin"
	ServiceAccount = "service-account"
)

// KubeletClientUser is how the API server presents itself to the kubelet.
const KubeletClientUser = "kube-apiserver-kubelet-client"

// Ensure makes everything that is missing or outdated below <path>/pki. The result names the folders
// whose certificates were there already and have been renewed.
func Ensure(c config.Config, now time.Time) (renewed []string, err error) {
	if err := takeOverKey(c.PKI(APIServer, "service-account.key"), Key(c, ServiceAccount)); err != nil {
		return nil, err
	}
	if _, err := ensureKey(c.PKI(ServiceAccount, ServiceAccount)); err != nil {
		return nil, err
	}
	work := &renewal{now: now}
	frontProxyCA := work.ownCA(c.PKI(FrontProxyCA, FrontProxyCA), "kubesolo-front-proxy-ca")
	work.leaf(c, frontProxyCA, Subject{Folder: FrontProxy, CommonName: FrontProxy})
	ca := work.clusterCA(c)
	for _, subject := range subjects(c) {
		user := work.leaf(c, ca, subject)
		if subject.Kubeconfig {
			work.kubeconfig(c, ca, user, subject.Folder)
		}
	}
	return work.renewed, work.err
}

// Certificate, Key and Kubeconfig are the files of one subject.
func Certificate(c config.Config, folder string) string {
	if folder == CA && c.CACertificate != "" {
		return c.CACertificate
	}
	return c.PKI(folder, folder+".crt")
}

func Key(c config.Config, folder string) string {
	if folder == CA && c.CAKey != "" {
		return c.CAKey
	}
	return c.PKI(folder, folder+".key")
}

func Kubeconfig(c config.Config, folder string) string { return c.PKI(folder, folder+".kubeconfig") }

// subjects are all certificates signed by the cluster's CA. Only the admin is in system:masters,
// which no RBAC rule can restrict; the components have the roles that Kubernetes defines for them.
func subjects(c config.Config) []Subject {
	loopback, nodeIP := net.IPv4(127, 0, 0, 1), net.IP(c.NodeIP.AsSlice())
	names, addresses := splitSANs(c.ExtraSANs)
	return []Subject{
		{
			Folder: APIServer, CommonName: "kube-apiserver", Server: true, WithCA: true,
			DNSNames: append([]string{"kubernetes", "kubernetes.default", "kubernetes.default.svc",
				"kubernetes.default.svc." + config.ClusterDomain, "localhost", c.NodeName}, append(hostNames(c), names...)...),
			IPs: append([]net.IP{loopback, net.IP(c.KubernetesIP().AsSlice()), nodeIP}, addresses...),
		},
		{
			Folder: KubeletServer, CommonName: "system:node:" + c.NodeName, Organization: "system:nodes", Server: true,
			DNSNames: []string{c.NodeName, "localhost"}, IPs: []net.IP{loopback, nodeIP},
		},
		{Folder: KubeletClient, CommonName: KubeletClientUser},
		{Folder: Kubelet, CommonName: "system:node:" + c.NodeName, Organization: "system:nodes", Kubeconfig: true},
		{Folder: Controllers, CommonName: "system:kube-controller-manager", Kubeconfig: true},
		{Folder: Scheduler, CommonName: "system:kube-scheduler", Kubeconfig: true},
		{Folder: Proxy, CommonName: "system:kube-proxy", Kubeconfig: true},
		{Folder: Admin, CommonName: "kubernetes-admin", Organization: "system:masters", Kubeconfig: true},
	}
}

// hostNames: people reach the node by the host's name, whatever Kubernetes calls it.
func hostNames(c config.Config) []string {
	if c.Hostname == c.NodeName || !config.IsNodeName(c.Hostname) {
		return nil
	}
	return []string{c.Hostname}
}

func splitSANs(sans []string) (names []string, addresses []net.IP) {
	for _, san := range sans {
		if address := net.ParseIP(san); address != nil {
			addresses = append(addresses, address)
		} else {
			names = append(names, san)
		}
	}
	return names, addresses
}
