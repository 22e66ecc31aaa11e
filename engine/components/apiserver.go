package components

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/component-base/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
	"k8s.io/metrics/pkg/apis/metrics"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
	"kubesolo-os/engine/support"
	"kubesolo-os/engine/usage"
)

func apiserverUnit(c config.Config, store *bridge, admin kubernetes.Interface, figures *usage.Figures) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  apiserver,
		After: []string{kine},
		Run: func(ctx context.Context) error {
			store.install()
			return runAPIServer(ctx, c, figures)
		},
		Ready: func(ctx context.Context) error {
			answer, err := admin.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Raw()
			return failedChecks(string(answer), err)
		},
		// Its own bound is the 60 s of a request: it waits for every watch to end.
		StopWithin: 2 * time.Second,
	}
}

// failedChecks shortens an answer of /readyz, which has a line for each of some forty checks, to those that failed. Pure.
func failedChecks(answer string, err error) error {
	var failed []string
	for line := range strings.Lines(answer) {
		if check, isFailed := strings.CutPrefix(line, "[-]"); isFailed {
			name, _, _ := strings.Cut(strings.TrimSpace(check), " ")
			failed = append(failed, name)
		}
	}
	if err == nil || len(failed) == 0 {
		return err
	}
	return fmt.Errorf("not done: %s", strings.Join(failed, ", "))
}

func apiserverArguments(c config.Config) []string {
	return append([]string{
		"--advertise-address=" + c.NodeIP.String(),
		fmt.Sprintf("--secure-port=%d", config.APIServerPort),
		"--service-cluster-ip-range=" + config.JoinNetworks(c.ServiceNetworks()),
		"--allow-privileged=true",
		"--profiling=false",

		"--etcd-servers=" + databaseURL,
		// Each definition would be kept once more, in the shape that is used within: a sixth of what they take. They are rarely read.
		"--watch-cache-sizes=customresourcedefinitions.apiextensions.k8s.io#0",

		"--tls-cert-file=" + pki.Certificate(c, pki.APIServer),
		"--tls-private-key-file=" + pki.Key(c, pki.APIServer),
		"--service-account-issuer=" + serviceAccountIssuer,
		"--service-account-key-file=" + pki.Key(c, pki.ServiceAccount),
		"--service-account-signing-key-file=" + pki.Key(c, pki.ServiceAccount),

		"--kubelet-certificate-authority=" + pki.Certificate(c, pki.CA),
		"--kubelet-client-certificate=" + pki.Certificate(c, pki.KubeletClient),
		"--kubelet-client-key=" + pki.Key(c, pki.KubeletClient),
		"--kubelet-preferred-address-types=InternalIP", // the host's name need not resolve

		"--requestheader-client-ca-file=" + pki.Certificate(c, pki.FrontProxyCA),
		"--requestheader-allowed-names=" + pki.FrontProxy,
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-username-headers=X-Remote-User",
		"--proxy-client-cert-file=" + pki.Certificate(c, pki.FrontProxy),
		"--proxy-client-key-file=" + pki.Key(c, pki.FrontProxy),

		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",

		"--endpoint-reconciler-type=master-count", // there is one, see config.OwnGates
		"--feature-gates=" + featureGates(c),
	}, apiserverFiles(c)...)
}

// featureGates are one set for all components of the process.
func featureGates(c config.Config) string {
	all := maps.Clone(config.OwnGates)
	maps.Copy(all, c.FeatureGates)
	var words []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		words = append(words, fmt.Sprintf("%s=%t", name, all[name]))
	}
	return strings.Join(words, ",")
}

func runAPIServer(ctx context.Context, c config.Config, figures *usage.Figures) error {
	server := options.NewServerRunOptions()
	if err := parse(apiserver, server.Flags().FlagSets, apiserverArguments(c)); err != nil {
		return err
	}
	// Feature gates are one set for all components of the process; nobody else may set them again.
	if err := server.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	if err := prepareAuthentication(c, server.Authentication); err != nil {
		return err
	}
	completed, err := server.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return utilerrors.NewAggregate(errs)
	}
	return serveAPI(ctx, c, completed, figures)
}

// serveAPI is what upstream's app.Run does, except for the documents that describe the API, and what the engine adds to it.
func serveAPI(ctx context.Context, c config.Config, completed options.CompletedOptions, figures *usage.Figures) error {
	name, err := cache.NewInformerName(apiserver)
	if err != nil {
		return err
	}
	completed.InformerName = name
	configuration, err := app.NewConfig(completed)
	if err != nil {
		return err
	}
	chain, err := configuration.Complete()
	if err != nil {
		return err
	}
	documents := replaceDocuments(chain)
	first := takeFirstObjects(chain.KubeAPIs.ControlPlane)
	front := chain.Aggregator.GenericConfig
	front.LongRunningFunc = support.LongRunning(front.LongRunningFunc)
	if c.MetricsAPI {
		front.BuildHandlerChainFunc = usage.Listed(front.BuildHandlerChainFunc)
	}
	server, err := app.CreateServerChain(chain)
	if err != nil {
		return err
	}
	// The chain asks the aggregator first, then what holds Kubernetes' own APIs, then that of custom resources.
	own, isServer := server.GenericAPIServer.NextDelegate().(*genericapiserver.GenericAPIServer)
	if !isServer {
		return fmt.Errorf("the API server's chain has changed: the aggregator is followed by a %T", server.GenericAPIServer.NextDelegate())
	}
	// The aggregator's hooks are those that run: it took over the others' when it was made.
	if err := first.install(server.GenericAPIServer); err != nil {
		return err
	}
	if c.MetricsAPI {
		if err := usage.Install(own, figures); err != nil {
			return fmt.Errorf("cannot serve %s: %w", metrics.GroupName, err)
		}
	}
	release := documents.install(own, version.Get().GitVersion+"\n"+strings.Join(apiserverArguments(c), "\n"))
	support.Install(own.Handler.NonGoRestfulMux)
	prepared, err := server.PrepareRun()
	if err != nil {
		return err
	}
	release()
	return prepared.Run(ctx)
}
