package pki

import (
	"bytes"
	"fmt"
	"os"
	"text/template"

	"encoding/base64"

	"kubesolo-os/engine/config"
)

// Everything is embedded, so that the admin's file works when it is copied to a workstation
// (after changing the server's address).
var kubeconfig = template.Must(template.New("kubeconfig").Funcs(template.FuncMap{
	"base64": base64.StdEncoding.EncodeToString,
}).Parse(`apiVersion: v1
kind: Config
clusters:
- name: kubesolo
  cluster:
    server: {{.Server}}
    certificate-authority-data: {{base64 .CA}}
users:
- name: {{.User}}
  user:
    client-certificate-data: {{base64 .Certificate}}
    client-key-data: {{base64 .Key}}
contexts:
- name: kubesolo
  context:
    cluster: kubesolo
    user: {{.User}}
current-context: kubesolo
`))

// writeKubeconfig writes the file unless it already says the same; flash wears out.
func writeKubeconfig(file string, ca, user *pair) error {
	key, err := encodeKey(user.key)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	err = kubeconfig.Execute(&text, map[string]any{
		"Server":      config.APIServerURL,
		"User":        user.certificate.Subject.CommonName,
		"CA":          encodeCertificate(ca.certificate),
		"Certificate": encodeCertificate(user.certificate),
		"Key":         key,
	})
	if err != nil {
		return fmt.Errorf("cannot make %s: %w", file, err)
	}
	if kept, err := os.ReadFile(file); err == nil && bytes.Equal(kept, text.Bytes()) {
		return nil
	}
	return writeAtomically(file, text.Bytes(), 0o600)
}
