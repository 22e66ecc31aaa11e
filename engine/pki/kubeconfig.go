package pki

import (
	"bytes"
	"fmt"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/durable"
)

// writeKubeconfig writes the file unless it already says the same; flash wears out.
func writeKubeconfig(c config.Config, ca, user *pair, folder string) error {
	file := Kubeconfig(c, folder)
	content, err := describeAccess(c, ca, user, folder)
	if err != nil {
		return err
	}
	text, err := clientcmd.Write(content)
	if err != nil {
		return fmt.Errorf("cannot make %s: %w", file, err)
	}
	if kept, err := os.ReadFile(file); err == nil && bytes.Equal(kept, text) {
		return nil
	}
	return durable.Replace(file, text, 0o600)
}

// describeAccess: in the admin's, everything is embedded, so that it works when it is copied to a workstation (after
// changing the server's address). The components' name files, which client-go reads again now and then: a renewed
// certificate needs no restart. Pure.
func describeAccess(c config.Config, ca, user *pair, folder string) (clientcmdapi.Config, error) {
	cluster, access := clientcmdapi.NewCluster(), clientcmdapi.NewAuthInfo()
	cluster.Server = config.APIServerURL
	if folder == Admin {
		key, err := encodeKey(user.key)
		if err != nil {
			return clientcmdapi.Config{}, err
		}
		cluster.CertificateAuthorityData = encodeCertificate(ca.certificate)
		access.ClientCertificateData, access.ClientKeyData = encodeCertificate(user.certificate), key
	} else {
		cluster.CertificateAuthority = Certificate(c, CA)
		access.ClientCertificate, access.ClientKey = Certificate(c, folder), Key(c, folder)
	}
	const name = "kubesolo"
	userName := user.certificate.Subject.CommonName
	context := clientcmdapi.NewContext()
	context.Cluster, context.AuthInfo = name, userName
	return clientcmdapi.Config{
		Clusters:       map[string]*clientcmdapi.Cluster{name: cluster},
		AuthInfos:      map[string]*clientcmdapi.AuthInfo{userName: access},
		Contexts:       map[string]*clientcmdapi.Context{name: context},
		CurrentContext: name,
	}, nil
}
