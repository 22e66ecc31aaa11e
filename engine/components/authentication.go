package components

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"k8s.io/kubernetes/pkg/kubeapiserver/options"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/durable"
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
	for _, problem := range problems {
		logs.Line(access, "%s", problem)
	}
	if err := errors.Join(noteFingerprint(c), noteProblems(problems)); err != nil {
		logs.Line(access, "the console can't tell: %v", err)
	}
	return nil
}

// tryAuthentication makes of an AuthenticationConfiguration what the API server makes of it; it ends when that fails.
func tryAuthentication(file string) error {
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
	return durable.Replace(config.FingerprintFile, []byte(fingerprint+"\n"), 0o644)
}

// noteProblems leaves a line each; no file, when there are none.
func noteProblems(problems []string) error {
	if len(problems) == 0 {
		if err := os.Remove(config.AccessFile); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	lines := ""
	for _, problem := range problems {
		lines += strings.Join(strings.Fields(problem), " ") + "\n"
	}
	return durable.Replace(config.AccessFile, []byte(lines), 0o644)
}
