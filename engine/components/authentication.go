package components

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/kubernetes/pkg/kubeapiserver/options"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/given"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/pki"
)

// serviceAccountIssuer is in the tokens of service accounts; no other issuer may be called so.
const serviceAccountIssuer = "https://kubernetes.default.svc." + config.ClusterDomain

// prepareAuthentication settles by what people are known to the API server, and tells what of it can't be used: that
// keeps the server from nothing.
func prepareAuthentication(c config.Config, server *options.BuiltInAuthenticationOptions) error {
	problems, err := pki.TrustClients(c, time.Now())
	if err != nil {
		return err
	}
	server.ClientCert.ClientCA = pki.ClientAuthorities(c)
	if c.Authentication != "" {
		if err := tryAuthentication(c.Authentication); err != nil {
			problems = append(problems, fmt.Sprintf("no tokens of others are taken: %v (%s)", err, c.Authentication))
		} else {
			server.AuthenticationConfigFile = c.Authentication
		}
	}
	var lines []string
	for _, problem := range problems {
		logs.Line(access, "%s", problem)
		lines = append(lines, logs.OneLine(problem))
	}
	if err := errors.Join(noteFingerprint(c), noteForConsole(config.AccessFile, strings.Join(lines, "\n"))); err != nil {
		logs.Line(access, "the console can't tell: %v", err)
	}
	return nil
}

// tryAuthentication makes of an AuthenticationConfiguration what the API server makes of it; it ends when that fails.
func tryAuthentication(file string) error {
	if _, err := given.Read(file); err != nil {
		return err
	}
	trial := options.NewBuiltInAuthenticationOptions().WithAnonymous()
	trial.AuthenticationConfigFile = file
	made, err := trial.ToAuthenticationConfig()
	if err != nil {
		return err
	}
	made.ServiceAccountIssuers = []string{serviceAccountIssuer}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // it asks the issuers for their keys from now on
	_, _, _, _, err = made.New(ctx)
	return err
}

// noteFingerprint leaves for the console by what people know this node's CA.
func noteFingerprint(c config.Config) error {
	fingerprint, err := pki.Fingerprint(c)
	if err != nil {
		return err
	}
	return noteForConsole(config.FingerprintFile, fingerprint)
}
