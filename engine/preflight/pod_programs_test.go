package preflight

import "testing"

func TestPodCgroup(t *testing.T) {
	const uid = "2b9d3a3e-6d1a-4d0c-9a57-3f5d5f1f3c11"
	tests := []struct{ name, text, cgroup string }{
		{"a container", "0::/kubepods/besteffort/pod" + uid + "/abc123\n", "/kubepods/besteffort/pod" + uid + "/abc123"},
		{"a guaranteed one", "0::/kubepods/pod" + uid + "/abc123\n", "/kubepods/pod" + uid + "/abc123"},
		{"below a container", "0::/kubepods/pod" + uid + "/abc123/inner\n", "/kubepods/pod" + uid + "/abc123/inner"},
		{"of cgroups of version 1", "3:cpu,cpuacct:/node/kubepods/burstable/pod" + uid + "/abc\n2:memory:/node/kubepods/burstable/pod" + uid + "/abc\n0::/\n", "/node/kubepods/burstable/pod" + uid + "/abc"},
		{"the engine", "0::/\n", ""},
		{"a program of the node", "0::/system/dnsmasq\n", ""},
		{"no pod's, though named like one", "0::/mine/pod" + uid + "/abc\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := podCgroup(test.text)
			if got != test.cgroup || (got != "" && podUID(got) != uid) {
				t.Errorf("got %q", got)
			}
		})
	}
}
