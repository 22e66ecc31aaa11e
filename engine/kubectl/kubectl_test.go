package kubectl

import "testing"

func TestUseAdminKubeconfig(t *testing.T) {
	tests := []struct {
		name        string
		args        []string
		environment string
		want        bool
	}{
		{"nothing chosen", []string{"get", "nodes"}, "", true},
		{"the environment", []string{"get", "nodes"}, "/home/me/config", false},
		{"a flag", []string{"get", "nodes", "--kubeconfig", "x"}, "", false},
		{"a flag with =", []string{"--kubeconfig=x", "get", "nodes"}, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := useAdminKubeconfig(test.args, test.environment); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
