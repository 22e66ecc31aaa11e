// Package kubectl is the ordinary kubectl, linked in. The same file serves on the node and, under the
// name kubectl, on a workstation, where nothing of the engine exists.
package kubectl

import (
	"os"
	"slices"
	"strings"

	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

// Run is kubectl's main. On a node, without any other choice, it uses adminKubeconfig.
func Run(args []string, adminKubeconfig string) int {
	if useAdminKubeconfig(args, os.Getenv("KUBECONFIG")) {
		if _, err := os.Stat(adminKubeconfig); err == nil {
			os.Setenv("KUBECONFIG", adminKubeconfig)
		}
	}
	os.Args = append([]string{"kubectl"}, args...) // plugins and help texts are made from it
	// As upstream: the verbosity has to be known before the flags are parsed.
	if _, err := logs.GlogSetter(cmd.GetLogVerbosity(os.Args)); err != nil {
		util.CheckErr(err)
	}
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err) // prints it and exits with its code
	}
	return 0
}

// useAdminKubeconfig: only when nobody has chosen a configuration.
func useAdminKubeconfig(args []string, environment string) bool {
	return environment == "" && !slices.ContainsFunc(args, func(arg string) bool {
		return arg == "--kubeconfig" || strings.HasPrefix(arg, "--kubeconfig=")
	})
}
