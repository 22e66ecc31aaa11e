package config

import (
	"os"
	"strings"
	"testing"
)

// golden compares with a file of testdata; UPDATE=1 writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (UPDATE=1 writes it):\n%s", file, got)
	}
}

func printed(t *testing.T, resolved Resolved, showSecrets bool) string {
	t.Helper()
	text, err := resolved.Print(showSecrets)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPrintedDefaults(t *testing.T) {
	golden(t, "testdata/defaults.yaml", printed(t, resolve(t, nil, ""), false))
}

func TestPrintedConfigurationNamesItsOrigins(t *testing.T) {
	resolved := resolve(t, []string{"--no-load-balancer", "--system-reserved=cpu=1,memory=1Gi", "--portainer-edge-key=secret"},
		"network:\n  mtu: 1400\nportainer: {edgeID: '007'}\n", "KUBESOLO_APISERVER_EXTRA_SANS=a,b")
	golden(t, "testdata/origins.yaml", printed(t, resolved, false))
}

func TestAPrintedConfigurationGivesTheSame(t *testing.T) {
	args := strings.Fields("--node-ip=10.0.0.9 --apiserver-extra-sans=a,b --system-reserved=cpu=1,pid=7 --startup-timeout=5m --no-metrics-server " +
		"--portainer-edge-id=007 --portainer-edge-key=a==:#b --cpu-manager-policy=static --metrics-bind-address=[::1]:99")
	first := printed(t, resolve(t, args, ""), true)
	second := printed(t, resolve(t, nil, first), true)
	if strings.ReplaceAll(second, "# c.yaml", "") == "" || withoutComments(first) != withoutComments(second) {
		t.Errorf("first:\n%s\nsecond:\n%s", first, second)
	}
}

func withoutComments(text string) string {
	var result strings.Builder
	for line := range strings.Lines(text) {
		value, _, _ := strings.Cut(line, " # ")
		result.WriteString(strings.TrimSpace(value) + "\n")
	}
	return result.String()
}

func TestUpstreamsDefaultsAreUnderstood(t *testing.T) {
	text, err := os.ReadFile("testdata/upstream-defaults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	resolve(t, nil, string(text))
}

func TestHelp(t *testing.T) { golden(t, "testdata/help.txt", Usage()) }

func TestReferenceDocument(t *testing.T) {
	const file, begin, end = "../../docs/engine-configuration.md", "<!-- settings -->\n", "<!-- end -->\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, hasBegin := strings.Cut(string(text), begin)
	_, after, hasEnd := strings.Cut(rest, end)
	if !hasBegin || !hasEnd {
		t.Fatalf("%s lacks its marks", file)
	}
	golden(t, file, before+begin+Reference()+end+after)
}
