// metrics.k8s.io: kubectl top and autoscaling work as the node comes, and a metrics-server of people's has its place.
// Who is told what, and how figures are made, is shown in engine/usage.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { outsideAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeCertificates } from "../private-authority.ts";
import { kubectlInside, type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", `${name}.yaml`);
const root = "/apis/metrics.k8s.io/v1beta1";

let node: NodeUnderTest;
let sandbox: Sandbox;

beforeAll(async () => {
  node = await startNode("metrics");
  sandbox = node.sandbox;
});

afterAll(() => node?.end());

test("right after the start kubectl top says that there are no figures yet, and soon it has them", async () => {
  const before = new Set<string>();
  const note = (error: Error) => before.add(error.message);
  const top = () => sandbox.kubectl("top", "nodes", "--no-headers").catch((error) => void note(error));
  const apply = [...kubectlInside(sandbox), "apply", `--filename=${manifest("metrics")}`];
  const applied = sandbox.until(apply, patience);
  await expect.poll(top, polling).toMatch(/^metrics +\d+m +\d+% +\d+Mi +\d+%/);
  expect([...before].join("\n")).toContain("metrics not available yet");
  await applied;
});

test("pods: all, by name, label, field and container, and as a table", async () => {
  const top = (...args: string[]) => sandbox.kubectl("top", "pods", "--no-headers", ...args);
  await expect.poll(() => top("idle").catch(() => ""), polling).toMatch(/^idle +\d+m +\d+Mi\s*$/);
  await expect.poll(() => top("--all-namespaces").catch(() => ""), polling).toMatch(/default +busy-/);
  expect(await top("--selector=app=idle")).toMatch(/^idle [^\n]*\n$/);
  expect(await top("--field-selector=metadata.name=idle")).toMatch(/^idle [^\n]*\n$/);
  expect(await top("idle", "--containers")).toMatch(/^idle +first .*\nidle +second .*\n$/);
  await expect(top("none")).rejects.toThrow('podmetrics.metrics.k8s.io "default/none" not found');
  expect(await sandbox.kubectl("get", "pods.metrics.k8s.io", "idle")).toMatch(
    /^NAME +CPU +MEMORY +WINDOW\nidle /,
  );
  await expect(sandbox.kubectl("get", "--raw", `${root}/pods?watch=true`)).rejects.toThrow(
    "watch is not supported",
  );
});

test("clients find it: an old kubectl, too, and by its description", async () => {
  const old = [readKit().stockKubectl, `--kubeconfig=${sandbox.kubeconfig}`, "top", "nodes", "--no-headers"];
  expect(await sandbox.run(old)).toMatch(/^metrics +\d+m/);
  // What kubectl remembers of the node before, at the same address, isn't so here.
  const anew = `--cache-dir=${join(node.directory, "cache")}`;
  expect(await sandbox.kubectl("explain", "podmetrics.containers.usage", anew)).toContain(
    "The memory usage is the memory working set",
  );
  const names = await sandbox.kubectl("api-resources", "--api-group=metrics.k8s.io", "--output=name");
  expect(names.trim().split("\n").sort()).toEqual(["nodes.metrics.k8s.io", "pods.metrics.k8s.io"]);
});

test("who may view a namespace sees what its pods use, and nobody else does", async () => {
  const asViewer = ["top", "pods", "idle", "--as=viewer"];
  await expect(sandbox.kubectl(...asViewer)).rejects.toThrow("forbidden");
  await sandbox.kubectl("create", "rolebinding", "viewer", "--clusterrole=view", "--user=viewer");
  await expect.poll(() => sandbox.kubectl(...asViewer).catch(String), polling).toContain("idle ");
  await expect(sandbox.kubectl("top", "nodes", "--as=viewer")).rejects.toThrow("forbidden");
});

test("an autoscaler knows how much is used, and scales", async () => {
  const status = async (path: string) =>
    Number(await sandbox.kubectl("get", "hpa", "busy", `--output=jsonpath={.status.${path}}`));
  const utilization = () => status("currentMetrics[0].resource.current.averageUtilization");
  await expect.poll(utilization, polling).toBeGreaterThan(50);
  await expect.poll(() => status("currentReplicas"), polling).toBe(2);
});

test("a metrics-server of people's is asked instead, over a restart, until they remove it", async () => {
  const certificates = join(node.directory, "certificates");
  mkdirSync(certificates);
  await makeCertificates(certificates, outsideAddress);
  const program = sourcePath("test/sandbox/metrics-server.mjs");
  const server = [process.execPath, program, outsideAddress, certificates, "metrics", "54321m"];
  sandbox.runOutside(server).catch(() => undefined); // it ends with the sandbox
  const top = () => sandbox.kubectl("top", "nodes", "--no-headers").catch(String);
  await sandbox.kubectl("apply", "--filename", manifest("metrics-server"));
  await expect.poll(top, polling).toMatch(/^metrics +54321m/);

  await sandbox.stopEngine(patience);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await expect.poll(top, polling).toMatch(/^metrics +54321m/);
  const names = await sandbox.kubectl("api-resources", "--api-group=metrics.k8s.io", "--output=name");
  expect(names.trim()).toBe("nodes.metrics.k8s.io");

  await sandbox.kubectl("delete", "--filename", manifest("metrics-server"));
  await expect.poll(top, polling).toMatch(/^metrics +\d{1,4}m/);
});

test("switched off, there is nothing of it", async () => {
  await node.restartWith("--no-metrics-api");
  sandbox = node.sandbox;
  await expect(sandbox.kubectl("top", "nodes")).rejects.toThrow("Metrics API not available");
  await expect(sandbox.kubectl("get", "--raw", root)).rejects.toThrow(
    "could not find the requested resource",
  );
});
