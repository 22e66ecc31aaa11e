// Package operators keeps the operators' modules in go.mod and go.sum: tests apply the files in their folders.
package operators

import (
	_ "github.com/cert-manager/cert-manager/pkg/apis/certmanager"
	_ "github.com/prometheus-operator/prometheus-operator/pkg/versionutil"
)
