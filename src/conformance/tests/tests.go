// Package tests is Kubernetes' own end-to-end tests and the programs that they run in pods: a module
// of its own, so that nothing of them gets into the engine's. Its versions are those of the engine, and
// so what both need is compiled once.
package tests

import _ "k8s.io/kubernetes/test/e2e" // makes go.mod name what its tests need
