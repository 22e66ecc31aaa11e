package images

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/core/remotes/docker/config"
	"github.com/distribution/reference"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// Digest is what a name stands for at its registry now, asked as a pull asks; hosts is the folder with what is
// configured of registries.
func Digest(ctx context.Context, name, hosts string, login *cri.AuthConfig) (string, error) {
	parsed, err := reference.ParseDockerRef(name)
	if err != nil {
		return "", err
	}
	if digested, is := parsed.(reference.Digested); is {
		return digested.Digest().String(), nil
	}
	resolver := docker.NewResolver(docker.ResolverOptions{Hosts: config.ConfigureHosts(ctx, config.HostOptions{
		HostDir:     config.HostDirFromRoot(hosts),
		Credentials: func(string) (string, string, error) { return credentials(login) },
	})})
	_, description, err := resolver.Resolve(ctx, parsed.String())
	return description.Digest.String(), err
}

// credentials are a pull secret's, in one of the forms in which the kubelet has them. Pure.
func credentials(login *cri.AuthConfig) (user, secret string, err error) {
	switch {
	case login.GetUsername() != "":
		return login.GetUsername(), login.GetPassword(), nil
	case login.GetIdentityToken() != "":
		return "", login.GetIdentityToken(), nil
	}
	text, err := base64.StdEncoding.DecodeString(login.GetAuth())
	user, secret, _ = strings.Cut(string(text), ":")
	return user, secret, err
}
