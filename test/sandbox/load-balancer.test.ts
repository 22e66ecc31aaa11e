// Services of type LoadBalancer, asked from everywhere. Who gets which port is shown in engine/loadbalancer.
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { nodeAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type NodeUnderTest, patience, polling, startNode, untilEvent } from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", `${name}.yaml`);
const page = `http://${nodeAddress}/`;
/** For the node and outside of it; a static BusyBox can't do it there (glibc's name services). */
const fetchPage = [
  process.execPath,
  "--eval",
  `fetch("${page}", {signal: AbortSignal.timeout(5000)}).then((r) => r.text()).then(console.log)`,
];

let node: NodeUnderTest;
let sandbox: Sandbox;

beforeAll(async () => {
  node = await startNode("load-balancer");
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
  await sandbox.kubectl("apply", "--filename", manifest("load-balancer"));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/server", "--timeout=90s");
});

afterAll(() => node?.end());

test("a Service has the node's address and answers there: outside, on the node, and to pods", async () => {
  await untilAddress("web", nodeAddress);
  expect((await sandbox.until(fetchPage, patience)).trim()).toBe("hello");
  expect((await sandbox.runOutside(fetchPage)).trim()).toBe("hello");
  expect((await sandbox.kubectl("exec", "server", "--", "wget", "-T", "5", "-qO-", page)).trim()).toBe(
    "hello",
  );
});

test("a Service of another load balancer's class is left alone", async () => {
  expect(await address("foreign")).toBe("");
});

test("no Service takes the API server's port", async () => {
  await untilRefused("api", "port 6443/TCP of the node belongs to the API server");
  expect(await address("api")).toBe("");
  expect(await sandbox.kubectl("get", "--raw", "/readyz")).toBe("ok");
});

test("the second Service with a port waits until the first gives it up, also over a restart", async () => {
  await sandbox.kubectl("apply", "--filename", manifest("load-balancer-second"));
  await untilRefused("second", "port 80/TCP of the node belongs to the Service default/web");
  await sandbox.killEngine();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await address("second")).toBe("");
  expect((await sandbox.runOutside(fetchPage)).trim()).toBe("hello");

  await sandbox.kubectl(
    "patch",
    "service",
    "web",
    "--patch",
    '{"spec":{"type":"ClusterIP","externalTrafficPolicy":null}}',
  );
  await untilAddress("web", "");
  await untilAddress("second", nodeAddress);
  await untilOutside("hello");
});

test("a deleted Service answers no more", async () => {
  await sandbox.kubectl("delete", "service", "second");
  await untilOutside("");
});

test("a port that a program of the node listens on stays its own", async () => {
  const listen = "busybox nc -l -p 80 </dev/null >/dev/null 2>&1 & echo $! >/run/listener";
  await sandbox.run(["sh", "-c", listen]);
  await sandbox.kubectl("apply", "--filename", manifest("load-balancer-second"));
  await untilRefused("second", "a program of the node listens on port 80/TCP");
  expect(await address("second")).toBe("");
  await sandbox.run(["sh", "-c", "kill $(cat /run/listener)"]);
  await untilAddress("second", nodeAddress);
});

test("without load balancer, what was answered is taken back", async () => {
  await node.restartWith("--no-load-balancer");
  sandbox = node.sandbox;
  await untilAddress("second", "");
  await untilOutside("");
});

function address(service: string): Promise<string> {
  return sandbox.kubectl(
    "get",
    "service",
    service,
    "--output",
    "jsonpath={.status.loadBalancer.ingress[*].ip}",
  );
}

function untilAddress(service: string, expected: string): Promise<void> {
  return expect.poll(() => address(service), polling).toBe(expected);
}

/** What a machine outside gets from port 80 of the node: "hello", or "" for nothing. */
function untilOutside(expected: string): Promise<void> {
  const ask = async () =>
    (await sandbox.runAnyExit(["ip", "netns", "exec", "outside", ...fetchPage])).stdout.trim();
  return expect.poll(ask, polling).toBe(expected);
}

/** Waits for the reason why a Service has no address. */
function untilRefused(service: string, why: string): Promise<void> {
  return untilEvent(sandbox, service, "SyncLoadBalancerFailed", why);
}
