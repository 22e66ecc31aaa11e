// A few of Kubernetes' conformance tests on a machine: they pass with the device's kernel and init, too.
import { afterAll } from "vitest";
import { prepareTests, runOnDevice } from "../../src/conformance/conformance.ts";
import { CONFORMANCE } from "../../src/conformance/suites.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { becomeReady, type Cluster, importImages } from "../../src/vm/cluster.ts";
import { testSpecs } from "../conformance/specs.ts";
import { bootImage, bootLimit, podLimit } from "./machine-under-test.ts";

const images = ["agnhost", "busybox", "glibc-dns-testing", "nonewprivs", "pause"];
const specs = [
  "[sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning [Conformance]",
  "[sig-auth] ServiceAccounts should mount an API token into pods [Conformance]",
  "[sig-network] DNS should provide DNS for the cluster [Conformance]",
  "[sig-node] Pods should support remote command execution over websockets [Conformance] [NodeConformance]",
  "[sig-node] Security Context when creating containers with AllowPrivilegeEscalation should not allow privilege escalation when false [LinuxOnly] [Conformance] [NodeConformance]",
  "[sig-storage] Projected configMap updates should be reflected in volume [Conformance] [NodeConformance]",
];

let cluster: Cluster | undefined;

testSpecs(specs, async () => {
  const archives = await prepareTests(images);
  const readOnlyDisks = archives.map((path, index) => ({ path, serial: `image-${index}` }));
  cluster = await bootImage("device-conformance", { readOnlyDisks });
  await becomeReady(cluster, bootLimit);
  for (const { serial } of readOnlyDisks) await importImages(cluster.machine, serial, podLimit);
  const options = {
    engine: buildPath("engine"),
    directory: buildPath("test/device-conformance"),
    labels: CONFORMANCE,
    omitted: [],
    names: specs,
    processes: 2,
    timeoutMinutes: 30,
  };
  return runOnDevice(options, cluster.kubeconfig);
});

afterAll(async () => {
  await cluster?.machine.crash();
});
