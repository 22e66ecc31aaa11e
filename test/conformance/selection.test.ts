// A fixed, quick selection of Kubernetes' conformance tests, across its areas. All of them: `make test-conformance`.
// A few on a machine: test/vm/conformance.matrix.ts.
import { runInSandbox } from "../../src/conformance/conformance.ts";
import { CONFORMANCE } from "../../src/conformance/suites.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { testSpecs } from "./specs.ts";

const specs = [
  "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource [Conformance]",
  "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD with validation schema [Conformance]",
  "[sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning [Conformance]",
  "[sig-apps] Deployment RollingUpdateDeployment should delete old pods and create new ones [Conformance]",
  "[sig-apps] Job should adopt matching orphans and release non-matching pods [Conformance]",
  "[sig-auth] ServiceAccounts should mount an API token into pods [Conformance]",
  "[sig-cli] Kubectl client Kubectl expose should create services for rc [Conformance]",
  "[sig-network] DNS should provide DNS for the cluster [Conformance]",
  "[sig-network] Services should be able to change the type from ExternalName to NodePort [Conformance]",
  "[sig-node] Pods should support remote command execution over websockets [Conformance] [NodeConformance]",
  "[sig-node] Security Context when creating containers with AllowPrivilegeEscalation should not allow privilege escalation when false [LinuxOnly] [Conformance] [NodeConformance]",
  "[sig-storage] Projected configMap updates should be reflected in volume [Conformance] [NodeConformance]",
];

testSpecs(specs, () =>
  runInSandbox({
    engine: buildPath("engine"),
    directory: buildPath("test/conformance-selection"),
    images: ["agnhost", "busybox", "glibc-dns-testing", "nginx", "nonewprivs", "pause"],
    labels: CONFORMANCE,
    omitted: [],
    names: specs,
    processes: 4,
    timeoutMinutes: 30,
  }),
);
