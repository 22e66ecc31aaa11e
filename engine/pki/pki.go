// Package pki keeps the node's keys, certificates and kubeconfigs.
//
// A key, once written, is kept; a certificate is made again from it whenever it is missing or no
// longer says what it should. So a power cut at any point is repaired by the next start.
package pki

import (
	"crypto/x509"
	"fmt"
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

// Ensure makes everything that is missing or outdated below <path>/pki.
func Ensure(c config.Config, now time.Time) error {
	if err := ensureKeyOnly(c.PKI(ServiceAccount, ServiceAccount)); err != nil {
		return err
	}
	frontProxyCA, err := ensureCA(c.PKI(FrontProxyCA, FrontProxyCA), "kubesolo-front-proxy-ca", now)
	if err != nil {
		return err
	}
	frontProxy := Subject{Folder: FrontProxy, CommonName: FrontProxy}
	if _, err := ensureLeaf(c.PKI(FrontProxy, FrontProxy), frontProxyCA, frontProxy, now); err != nil {
		return err
	}
	ca, err := ensureCA(c.PKI(CA, CA), "kubesolo-ca", now)
	if err != nil {
		return err
	}
	for _, subject := range subjects(c) {
		pair, err := ensureLeaf(c.PKI(subject.Folder, subject.Folder), ca, subject, now)
		if err != nil {
			return err
		}
		if subject.Kubeconfig {
			if err := writeKubeconfig(Kubeconfig(c, subject.Folder), ca, pair); err != nil {
				return err
			}
		}
	}
	return nil
}

// Certificate, Key and Kubeconfig are the files of one subject.
func Certificate(c config.Config, folder string) string { return c.PKI(folder, folder+".crt") }
func Key(c config.Config, folder string) string         { return c.PKI(folder, folder+".key") }
func Kubeconfig(c config.Config, folder string) string  { return c.PKI(folder, folder+".kubeconfig") }

// subjects are all certificates signed by the cluster's CA. Only the admin is in system:masters,
// which no RBAC rule can restrict; the components have the roles that Kubernetes defines for them.
func subjects(c config.Config) []Subject {
	loopback, nodeIP := net.IPv4(127, 0, 0, 1), net.IP(c.NodeIP.AsSlice())
	names, addresses := splitSANs(c.ExtraSANs)
	return []Subject{
		{
			Folder: APIServer, CommonName: "kube-apiserver", Server: true,
			DNSNames: append([]string{"kubernetes", "kubernetes.default", "kubernetes.default.svc",
				"kubernetes.default.svc." + config.ClusterDomain, "localhost", c.NodeName}, names...),
			IPs: append([]net.IP{loopback, net.ParseIP(config.KubernetesIP), nodeIP}, addresses...),
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

// ensureCA makes a self-signed authority, or reads the one that is there.
func ensureCA(base, commonName string, now time.Time) (*pair, error) {
	key, err := ensureKey(base)
	if err != nil {
		return nil, err
	}
	if kept, err := readPair(base, key); err == nil {
		return kept, nil
	}
	made, err := issueCA(key, commonName, now)
	if err != nil {
		return nil, fmt.Errorf("cannot issue %s: %w", commonName, err)
	}
	return made, writeAtomically(base+".crt", encodeCertificate(made.certificate), 0o644)
}

// ensureLeaf keeps a certificate that is still right, and otherwise issues it again for the kept key.
func ensureLeaf(base string, ca *pair, subject Subject, now time.Time) (*pair, error) {
	key, err := ensureKey(base)
	if err != nil {
		return nil, err
	}
	if kept, err := readPair(base, key); err == nil && isCurrent(kept.certificate, ca.certificate, subject, now) {
		return kept, nil
	}
	made, err := issueLeaf(key, ca, subject, now)
	if err != nil {
		return nil, fmt.Errorf("cannot issue the certificate of %s: %w", subject.Folder, err)
	}
	return made, writeAtomically(base+".crt", encodeCertificate(made.certificate), 0o644)
}

func ensureKeyOnly(base string) error {
	_, err := ensureKey(base)
	return err
}

// isCurrent says whether a certificate can stay: right issuer, right subject, all names, and time left.
func isCurrent(certificate, ca *x509.Certificate, subject Subject, now time.Time) bool {
	if certificate.CheckSignatureFrom(ca) != nil || certificate.Subject.CommonName != subject.CommonName {
		return false
	}
	if now.Add(renewBefore).After(certificate.NotAfter) {
		return false
	}
	for _, name := range subject.DNSNames {
		if !contains(certificate.DNSNames, name, func(a, b string) bool { return a == b }) {
			return false
		}
	}
	for _, ip := range subject.IPs {
		if !contains(certificate.IPAddresses, ip, net.IP.Equal) {
			return false
		}
	}
	return true
}

func contains[T any](list []T, wanted T, equal func(T, T) bool) bool {
	for _, item := range list {
		if equal(item, wanted) {
			return true
		}
	}
	return false
}
