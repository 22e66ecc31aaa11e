package config

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name  string
		args  []string
		env   map[string]string
		check func(Config) bool
	}{
		{"defaults", nil, nil, func(c Config) bool {
			return c.Path == DefaultPath && c.Library == DefaultLibrary && c.NodeName == "host-1" && !c.NodeIP.IsValid()
		}},
		{"environment beats defaults", nil, map[string]string{"KUBESOLO_PATH": "/a", "KUBESOLO_DEBUG": "true"},
			func(c Config) bool { return c.Path == "/a" && c.Debug }},
		{"flags beat environment", []string{"--path=/b", "--no-debug"}, map[string]string{"KUBESOLO_PATH": "/a", "KUBESOLO_DEBUG": "true"},
			func(c Config) bool { return c.Path == "/b" && !c.Debug }},
		{"flag lists replace environment lists", []string{"--apiserver-extra-sans=b"}, map[string]string{"KUBESOLO_APISERVER_EXTRA_SANS": "a"},
			func(c Config) bool { return len(c.ExtraSANs) == 1 && c.ExtraSANs[0] == "b" }},
		{"names and addresses are subject names", []string{"--apiserver-extra-sans=*.example.com,fd00::1"}, nil,
			func(c Config) bool { return len(c.ExtraSANs) == 2 }},
		{"node address", []string{"--node-ip", "192.168.1.10"}, nil,
			func(c Config) bool { return c.NodeIP.String() == "192.168.1.10" }},
		{"node name and library come from the environment", nil, map[string]string{"KUBESOLO_NODE_NAME": "n.a", "KUBESOLO_LIB": "/lib"},
			func(c Config) bool { return c.NodeName == "n.a" && c.Program("runc") == "/lib/bin/runc" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request, err := Parse(test.args, func(name string) string { return test.env[name] }, "Host-1")
			if err != nil {
				t.Fatal(err)
			}
			if !test.check(request.Config) {
				t.Errorf("unexpected config: %+v", request.Config)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		name string
		args []string
		env  map[string]string
		want []string // all of these are in the message
	}{
		{"an unknown flag, naming the nearest", []string{"--nod-ip=1.2.3.4"}, nil, []string{`"--nod-ip"`, `"--node-ip"`}},
		{"an unknown flag far from all", []string{"--xyzzy"}, nil, []string{`"--xyzzy"`, "--help"}},
		{"an unknown command, naming the nearest", []string{"kubeclt"}, nil, []string{`"kubeclt"`, `"kubectl"`}},
		{"a value of the wrong type", []string{"--startup-timeout=5"}, nil, []string{"--startup-timeout", `"5"`, "5m0s"}},
		{"a wrong value in the environment", nil, map[string]string{"KUBESOLO_DEBUG": "maybe"}, []string{"KUBESOLO_DEBUG", `"maybe"`, "true"}},
		{"a timeout too short to start in", []string{"--startup-timeout=1s"}, nil, []string{"--startup-timeout", "10s"}},
		{"a loopback node address", []string{"--node-ip=127.0.0.1"}, nil, []string{"--node-ip", "127.0.0.1"}},
		{"an IPv6 node address", []string{"--node-ip=2001:db8::1"}, nil, []string{"--node-ip"}},
		{"a node address that is none", []string{"--node-ip=eth0"}, nil, []string{"--node-ip", `"eth0"`, "192.168.1.10"}},
		{"a relative path", []string{"--path=state"}, nil, []string{"--path", `"state"`}},
		{"a bad subject name", []string{"--apiserver-extra-sans=ok.example.com,a_b"}, nil, []string{"--apiserver-extra-sans", `"a_b"`}},
		{"a bad node name", nil, map[string]string{"KUBESOLO_NODE_NAME": "Über"}, []string{"KUBESOLO_NODE_NAME"}},
		{"a flag without its value", []string{"--path"}, nil, []string{"--path", DefaultPath}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(test.args, func(name string) string { return test.env[name] }, "host")
			if _, isUsage := err.(UsageError); !isUsage {
				t.Fatalf("want a usage error, got %v", err)
			}
			for _, text := range test.want {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("message %q lacks %q", err, text)
				}
			}
		})
	}
}
