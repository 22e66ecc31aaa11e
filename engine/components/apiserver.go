package components

import (
	"context"
	"time"

	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/lifecycle"
	"kubesolo-os/engine/pki"
)

func apiserverUnit(c config.Config, store *storage, admin kubernetes.Interface) lifecycle.Unit {
	return lifecycle.Unit{
		Name:  apiserver,
		After: []string{kine},
		Run: func(ctx context.Context) error {
			store.install()
			return runAPIServer(ctx, c)
		},
		Ready: func(ctx context.Context) error {
			return admin.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
		},
		// Its own bound is the 60 s of a request: it waits for every watch to end.
		StopWithin: 2 * time.Second,
	}
}

func apiserverArguments(c config.Config) []string {
	return []string{
		"--advertise-address=" + c.NodeIP.String(),
		"--secure-port=6443",
		"--service-cluster-ip-range=" + config.ServiceNetwork,
		"--allow-privileged=true",
		"--profiling=false",

		"--etcd-servers=" + storageURL,
		"--etcd-compaction-interval=0", // kine compacts

		"--tls-cert-file=" + pki.Certificate(c, pki.APIServer),
		"--tls-private-key-file=" + pki.Key(c, pki.APIServer),
		"--client-ca-file=" + pki.Certificate(c, pki.CA),
		"--service-account-issuer=https://kubernetes.default.svc." + config.ClusterDomain,
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

		// There is one API server. What several need to find each other is 760 KB of writes a minute.
		"--endpoint-reconciler-type=master-count",
		"--feature-gates=APIServerIdentity=false,UnknownVersionInteroperabilityProxy=false",
	}
}

func runAPIServer(ctx context.Context, c config.Config) error {
	server := options.NewServerRunOptions()
	if err := parse(apiserver, server.Flags().FlagSets, apiserverArguments(c)); err != nil {
		return err
	}
	// Feature gates are one set for all components of the process; nobody else may set them again.
	if err := server.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	completed, err := server.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return utilerrors.NewAggregate(errs)
	}
	return app.Run(ctx, completed)
}
