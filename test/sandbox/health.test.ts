// What the engine says of itself: ready, and not ready any more.
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../src/lib/run.ts";
import { type NodeUnderTest, patience, startNode } from "./node-under-test.ts";

/** What the runtime reads of the pods' network. */
const network = "/run/kubesolo/network/pods.conflist";
let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("health");
  await node.sandbox.waitForReady(patience);
});
afterAll(() => node?.end());

test("a ready node says so, to people and to programs", async () => {
  const text = await node.engine("status");
  expect(text.exitCode).toBe(0);
  expect(text.stdout).toMatch(/^ready \(kubesolo /);
  expect(text.stdout).toMatch(/^apiserver +ready +\d+\.\d$/m);
  const json = await node.engine("status", "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({ ready: true, summary: "ready" });
});

test("a node that stops being ready says so, and why", async () => {
  await node.sandbox.run(["mv", network, `${network}.away`]);
  const broken = await node.sandbox.until(["sh", "-c", `! ${statusCommand()}`], patience);
  expect(broken).toMatch(/^containerd +failing .*NetworkReady is false/m);
  await node.sandbox.run(["mv", `${network}.away`, network]);
  await node.sandbox.until(["sh", "-c", statusCommand()], patience);
});

test("metrics of all components, its own and the system's are served, and the kubelet's own still are", async () => {
  const left =
    "mkdir -p /run/kubesolo-os/metrics && echo 'kubesolo_os_info 1' >/run/kubesolo-os/metrics/update.prom";
  await node.sandbox.run(["sh", "-c", left]);
  const metrics = await node.sandbox.run(["curl", "--silent", "--fail", "http://127.0.0.1:9105/metrics"]);
  for (const name of [
    "kubesolo_ready 1",
    'kubesolo_unit_ready{unit="kubelet"} 1',
    'kubesolo_unit_start_seconds{unit="apiserver"}',
    'kubesolo_database_size_bytes{file="database"}',
    "kubesolo_build_info{",
    "kubesolo_os_info 1",
    "apiserver_request_total{",
    "kubelet_running_pods",
    "workqueue_adds_total{",
    "scheduler_pending_pods{",
    "kubeproxy_",
    "kine_sql_total",
  ])
    expect(metrics.includes(`\n${name}`), name).toBe(true);
  const resource = await node.sandbox.kubectl("get", "--raw", "/api/v1/nodes/health/proxy/metrics/resource");
  expect(resource).toMatch(/^node_cpu_usage_seconds_total /m);
  expect(await node.sandbox.kubectl("get", "--raw", "/metrics")).not.toContain("kubesolo_ready");
});

test("in its first minute it has logged little", async () => {
  const age = ["ps", "-o", "etimes=", "-p", String(node.sandbox.enginePid)];
  await expect
    .poll(async () => Number(await run(age)), { timeout: 60_000, interval: 1000 })
    .toBeGreaterThanOrEqual(60);
  expect(node.sandbox.engineLog.length).toBeLessThan(20_000);
  process.stderr.write(`log of the first minute: ${node.sandbox.engineLog.length} bytes\n`);
});

test("without an engine there is another exit code", async () => {
  await node.sandbox.stopEngine(patience);
  const { exitCode, stderr } = await node.engine("status");
  expect(exitCode).toBe(69);
  expect(stderr).toContain("the engine is not running");
});

function statusCommand(): string {
  return `${node.sandbox.options.engine}/kubesolo status`;
}
