package pki

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"text/template"

	"kubesolo-os/engine/config"
)

// In the admin's, everything is embedded, so that it works when it is copied to a workstation (after
// changing the server's address). The components' name files, which client-go reads again now and then:
// a renewed certificate needs no restart.
var kubeconfig = template.Must(template.New("kubeconfig").Funcs(template.FuncMap{
	"base64": base64.StdEncoding.EncodeToString,
}).Parse(`apiVersion: v1
kind: Config
clusters:
- name: kubesolo
  cluster:
    server: {{.Server}}
{{- if .Embedded}}
    certificate-authority-data: {{base64 .CA}}
{{- else}}
    certificate-authority: {{printf "%q" .CAFile}}
{{- end}}
users:
- name: {{.User}}
  user:
{{- if .Embedded}}
    client-certificate-data: {{base64 .Certificate}}
    client-key-data: {{base64 .Key}}
{{- else}}
    client-certificate: {{printf "%q" .CertificateFile}}
    client-key: {{printf "%q" .KeyFile}}
{{- end}}
contexts:
- name: kubesolo
  context:
    cluster: kubesolo
    user: {{.User}}
current-context: kubesolo
`))

// writeKubeconfig writes the file unless it already says the same; flash wears out.
func writeKubeconfig(c config.Config, ca, user *pair, folder string) error {
	file := Kubeconfig(c, folder)
	key, err := encodeKey(user.key)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	err = kubeconfig.Execute(&text, map[string]any{
		"Server":          config.APIServerURL,
		"User":            user.certificate.Subject.CommonName,
		"Embedded":        folder == Admin,
		"CA":              encodeCertificate(ca.certificate),
		"Certificate":     encodeCertificate(user.certificate),
		"Key":             key,
		"CAFile":          Certificate(c, CA),
		"CertificateFile": Certificate(c, folder),
		"KeyFile":         Key(c, folder),
	})
	if err != nil {
		return fmt.Errorf("cannot make %s: %w", file, err)
	}
	if kept, err := os.ReadFile(file); err == nil && bytes.Equal(kept, text.Bytes()) {
		return nil
	}
	return writeAtomically(file, text.Bytes(), 0o600)
}
