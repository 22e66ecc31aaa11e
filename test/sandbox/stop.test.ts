// The engine is asked to stop, or ended, at every moment of its life.
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { waitFor } from "../../src/lib/wait.ts";
import { forkBomb } from "../fork-bomb.ts";
import { type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

const socket = "/run/kubesolo/health.sock";
const stopWithinMs = 10_000;
let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("stop");
});
afterAll(() => node?.end());

test("SIGTERM at any moment of the start ends it in time, with exit code 0", async () => {
  const { sandbox } = node;
  const moments = [0, 50, 200, 500, 1000, 1700, 3000, 6000];
  for (const moment of moments) {
    if (!sandbox.isEngineRunning) await sandbox.startEngine();
    await engineHasBegun();
    await sleep(moment); // any moment will do: none of them is a state that could be waited for
    const asked = Date.now();
    const exitCode = await sandbox.stopEngine({ timeoutMs: 30_000 });
    const took = Date.now() - asked;
    const trouble = `after ${moment} ms, it took ${took} ms to end:\n${sandbox.engineLog}`;
    expect(exitCode, trouble).toBe(0);
    expect(took, trouble).toBeLessThan(stopWithinMs);
    expect(sandbox.engineLog).not.toContain("context canceled");
    await sandbox.run(["rm", "-f", socket]);
  }
}, 600_000);

/** Before, it is the Go runtime that is being started; SIGTERM ends that as any program. */
async function engineHasBegun(): Promise<void> {
  const { sandbox } = node;
  await waitFor({
    what: () => `${socket}:\n${sandbox.engineLog}`,
    ...patience,
    attempt: () => existsSync(`/proc/${sandbox.enginePid}/root${socket}`) || undefined,
    everyMs: 5,
  });
}

test("pods run on when the engine restarts, whether it was asked or killed, and are never doubled", async () => {
  const { sandbox } = node;
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await sandbox.kubectl("create", "deployment", "web", "--image=localhost/nginx:1", "--replicas=2");
  await sandbox.kubectl("rollout", "status", "deployment/web", "--timeout=120s");
  const before = await containers();
  expect(before).toHaveLength(2);

  expect(await sandbox.stopEngine(patience)).toBe(0);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await containers()).toEqual(before);

  await sandbox.killEngine();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await kubeletHasLooked();
  expect(await containers()).toEqual(before);
  expect(await shims()).toBe(2);
}, 400_000);

test("a pod that forks without end stops at its own limit", async () => {
  const { sandbox } = node;
  const fork = "for i in $(seq 1200); do sleep 1000 & done; wait";
  const image = ["--image=localhost/busybox:1", "--restart=Never"];
  await sandbox.kubectl("run", "forks", ...image, "--command", "--", "sh", "-c", fork);
  await sandbox.kubectl("wait", "pod/forks", "--for=jsonpath={.status.phase}=Failed", "--timeout=120s");
  expect(await sandbox.kubectl("logs", "forks")).toContain("can't fork");
  await sandbox.kubectl("delete", "pod", "forks");
}, 200_000);

test("while a pod forks again and again, the API answers", async () => {
  const { sandbox } = node;
  const image = ["--image=localhost/busybox:1", "--restart=Never"];
  await sandbox.kubectl("run", "bomb", ...image, "--command", "--", "sh", "-c", forkBomb);
  await sandbox.kubectl("wait", "pod/bomb", "--for=condition=Ready", "--timeout=120s");
  const endMs = Date.now() + 20_000;
  let longestMs = 0;
  while (Date.now() < endMs) {
    const asked = Date.now();
    await sandbox.kubectl("get", "--raw=/readyz", "--request-timeout=60s");
    longestMs = Math.max(longestMs, Date.now() - asked);
  }
  expect(longestMs).toBeLessThan(15_000);
  await sandbox.kubectl("delete", "pod", "bomb", "--grace-period=1");
}, 200_000);

test("when the machine goes down, pods end in order, each with its grace period, and come back", async () => {
  const { sandbox } = node;
  await sandbox.kubectl("apply", "--filename", sourcePath("test/sandbox/manifests/shutdown.yaml"));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/careful", "pod/stubborn", "--timeout=120s");
  await sandbox.kubectl(
    "wait",
    "--for=condition=Ready",
    "pod/critical",
    "--namespace=kube-system",
    "--timeout=120s",
  );
  const logOffset = sandbox.engineLog.length;

  expect(await sandbox.shutDown({ timeoutMs: 60_000 })).toBe(0);

  const told = sandbox.engineLog.slice(logOffset);
  const ends = await sandbox.run(["cat", "/var/lib/ends/log"]);
  expect(ends.split("\n"), told).toEqual([
    "careful hook",
    "careful ended", // 6 s after SIGTERM
    "sidecar ended", // it serves careful
    "critical ended", // after all that isn't
    "",
  ]);
  expect(told).toMatch(/stopping 5 pods, for up to 60 s/);
  expect(told).toMatch(/killed default\/stubborn, container main: it did not end within its [34] s/);
  expect(told).toMatch(/the pods have stopped after \d+\.\d s/);
  expect(told).not.toMatch(/killed (default\/careful|kube-system|default\/web)/);
  expect(await shims()).toBe(5); // the pause containers' end is the operating system's

  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  // None has failed: a bare pod has nobody else to start it.
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/careful", "pod/stubborn", "--timeout=120s");
  const deletion = [
    "delete",
    "--wait=false",
    "--filename",
    sourcePath("test/sandbox/manifests/shutdown.yaml"),
  ];
  await sandbox.kubectl(...deletion, "--grace-period=1");
  await expect.poll(containers, polling).toHaveLength(2);
}, 400_000);

test("after a power cut, what the last boot left is removed, and the pods come back once", async () => {
  const { sandbox } = node;
  const before = await containers();
  await sandbox.crash();
  await sandbox.boot();
  // As on a host where /run is kept over reboots: remains of pods, of addresses and of a socket.
  const remains = "/run/kubesolo/pod-addresses/kubesolo/10.42.0.2";
  await sandbox.run(["sh", "-c", `mkdir -p $(dirname ${remains}) && echo gone >${remains}`]);
  await sandbox.run([
    "sh",
    "-c",
    "mkdir -p /run/containerd && : >/run/containerd/containerd.sock && : >/run/kubesolo/health.sock",
  ]);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  // Until the kubelet has looked, the API tells of the containers from before.
  await expect
    .poll(containers, polling)
    .toSatisfy((after: string[]) => after.length === 2 && !after.some((id) => before.includes(id)));
  expect(await shims()).toBe(2);
  expect(await sandbox.run(["sh", "-c", `cat ${remains} 2>/dev/null || true`])).not.toContain("gone");
}, 400_000);

/** Waits for a kubelet that has just started to have listed all containers several times, and so to have done all it would. */
async function kubeletHasLooked(): Promise<void> {
  const looks = async () => {
    const metrics = await node.sandbox.kubectl("get", "--raw", "/api/v1/nodes/stop/proxy/metrics");
    return /^kubelet_pleg_relist_duration_seconds_count (\d+)$/m.exec(metrics)?.[1];
  };
  await expect.poll(async () => Number(await looks()), polling).toBeGreaterThan(8);
}

/** Ids of the pods' running containers, sorted. */
async function containers(): Promise<string[]> {
  const path = "jsonpath={.items[*].status.containerStatuses[?(@.ready==true)].containerID}";
  return (await node.sandbox.kubectl("get", "pods", "--output", path)).split(" ").filter(Boolean).sort();
}

async function shims(): Promise<number> {
  const { stdout } = await node.sandbox.runAnyExit([
    "pgrep",
    "--count",
    "--full",
    "containerd-shim-runc-v2.*-namespace",
  ]);
  return Number(stdout);
}
