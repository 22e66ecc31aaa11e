package components

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodAuthentication = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
  - issuer: {url: https://login.example.com, audiences: [kubernetes]}
    claimMappings:
      username: {claim: email, prefix: "oidc:"}
`

func TestAnAuthenticationConfigurationIsTried(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a good one, whose issuer doesn't answer", goodAuthentication, ""},
		{"as JSON", `{"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AuthenticationConfiguration"}`, ""},
		{"nothing in it", "", "empty config data"},
		{"no YAML", "{", "couldn't get version/kind"},
		{"another kind", "apiVersion: v1\nkind: Config\n", `no kind "Config"`},
		{"an unknown field", goodAuthentication + "other: 1\n", `unknown field "other"`},
		{"no user name", strings.Replace(goodAuthentication, "claim: email", "claim: ''", 1), "claimMappings.username"},
		{"plain HTTP", strings.Replace(goodAuthentication, "https:", "http:", 1), "URL scheme must be https"},
		{"a broken CA", strings.Replace(goodAuthentication, "audiences:", "certificateAuthority: none, audiences:", 1), "certificateAuthority"},
		{"the node's own issuer", strings.Replace(goodAuthentication, "https://login.example.com", serviceAccountIssuer, 1), serviceAccountIssuer},
		{"a proxy that the engine hasn't", strings.Replace(goodAuthentication, "audiences:", "egressSelectorType: cluster, audiences:", 1), "egress"},
	} {
		file := filepath.Join(t.TempDir(), "authentication.yaml")
		if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := tryAuthentication(file); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, test.want) || (test.want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if err := tryAuthentication("/nowhere"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no file: %v", err)
	}
}
