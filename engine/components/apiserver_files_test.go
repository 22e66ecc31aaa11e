package components

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kubesolo-os/engine/config"
)

const (
	goodAdmission = `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: baseline, enforce-version: latest}
    exemptions: {namespaces: [kube-system]}
`
	goodAudit = `apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: Metadata}]
`
	goodEncryption = `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - secretbox: {keys: [{name: one, secret: MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=}]}
  - identity: {}
`
)

func TestCheckAPIServerFiles(t *testing.T) {
	admission := func(c *config.Config, file string) { c.AdmissionConfig = file }
	audit := func(c *config.Config, file string) { c.AuditPolicy = file }
	encryption := func(c *config.Config, file string) { c.EncryptionConfig = file }
	for _, test := range []struct {
		name, text, want string
		set              func(*config.Config, string)
	}{
		{"admission", goodAdmission, "", admission},
		{"admission of nothing", "", "admissionConfigFile: cannot use", admission},
		{"another kind than admission's", goodAudit, "no kind", admission},
		{"a level that isn't there", strings.Replace(goodAdmission, "baseline", "basic", 1), "baseline", admission},
		{"a field of Pod Security's that isn't there", strings.Replace(goodAdmission, "enforce:", "enforced:", 1), "enforced", admission},
		{"audit", goodAudit, "", audit},
		{"audit without rules", "apiVersion: audit.k8s.io/v1\nkind: Policy\n", "auditPolicyFile: cannot use", audit},
		{"an audit level that isn't there", strings.Replace(goodAudit, "Metadata", "All", 1), "All", audit},
		{"encryption", goodEncryption, "", encryption},
		{"encryption without providers", strings.SplitAfter(goodEncryption, "secrets]\n")[0], "providers", encryption},
		{"a key too short", strings.Replace(goodEncryption, "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "MDEy", 1), "secret is not of the expected length", encryption},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "file.yaml")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var c config.Config
			test.set(&c, file)
			err := CheckAPIServerFiles(c)
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.As(err, new(config.UsageError)) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "MDEy") {
				t.Error("a key is told")
			}
		})
	}
}

func TestAPIServerFilesThatAreNone(t *testing.T) {
	c := config.Config{AdmissionConfig: "/absent/a", AuditPolicy: "/absent/b", EncryptionConfig: "/absent/c"}
	usage, isUsage := errors.AsType[config.UsageError](CheckAPIServerFiles(c))
	if !isUsage || len(usage.Problems) != 3 {
		t.Errorf("got %v", usage.Problems)
	}
	if err := CheckAPIServerFiles(config.Config{}); err != nil {
		t.Error(err)
	}
}
