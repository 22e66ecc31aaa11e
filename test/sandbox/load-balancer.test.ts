// Services of type LoadBalancer, asked from everywhere. Who gets which port is shown in engine/loadbalancer.
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { nodeAddress, outsideAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  fetchPage,
  type NodeUnderTest,
  patience,
  polling,
  startNode,
  untilEvent,
} from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", `${name}.yaml`);
const page = `http://${nodeAddress}/`;
const askPage = fetchPage(page);
const outside = ["ip", "netns", "exec", "outside"];
const secondAddress = "10.89.0.2";

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
  expect((await sandbox.until(askPage, patience)).trim()).toBe("hello");
  expect((await sandbox.runOutside(askPage)).trim()).toBe("hello");
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
  expect((await sandbox.runOutside(askPage)).trim()).toBe("hello");

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

test("a program sees the client's own address, whatever the Service's policy", async () => {
  const policy = ["get", "service", "second", "--output=jsonpath={.spec.externalTrafficPolicy}"];
  expect(await sandbox.kubectl(...policy)).toBe("Cluster");
  await sandbox.runAnyExit([...outside, ...fetchPage(`${page}second`)]);
  const seen = `${outsideAddress}]:\\d+: url:/second`.replaceAll(".", "\\.");
  expect(await sandbox.kubectl("logs", "server")).toMatch(new RegExp(seen));
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

test("on a second card a Service answers as on the first, and node ports do, also on 127.0.0.1", async () => {
  const plugIn = `ip link add eth1 type veth peer name cable1 netns outside
    ip address add ${secondAddress}/24 dev eth1 && ip link set eth1 up
    ip netns exec outside sh -c "ip address add 10.89.0.1/24 dev cable1 && ip link set cable1 up"`;
  await sandbox.run(["sh", "-ec", plugIn]);
  await untilAddress("second", `${nodeAddress} ${secondAddress}`);
  await untilFetched(outside, `${secondAddress}:80`);

  await sandbox.kubectl("expose", "pod", "server", "--name=ported", "--type=NodePort", "--port=8080");
  const port = ["get", "service", "ported", "--output=jsonpath={.spec.ports[0].nodePort}"];
  const nodePort = await sandbox.kubectl(...port);
  for (const card of [nodeAddress, secondAddress]) await untilFetched(outside, `${card}:${nodePort}`);
  for (const own of ["127.0.0.1", secondAddress]) await untilFetched([], `${own}:${nodePort}`);
  await sandbox.kubectl("create", "service", "nodeport", "datagrams", "--tcp=5000", "--node-port=30500");
  const asUdp = {
    spec: { ports: [{ port: 5000, nodePort: 30500, protocol: "UDP" }], selector: { app: "server" } },
  };
  await sandbox.kubectl("patch", "service", "datagrams", "--type=merge", `--patch=${JSON.stringify(asUdp)}`);
  const send = `const socket = require("node:dgram").createSocket("udp4");
    socket.on("error", ({ code }) => { console.log(code); process.exit(); });
    socket.connect(30500, "127.0.0.1", () => socket.send("hello"));
    setTimeout(process.exit, 2000);`;
  const answer = () => sandbox.run([process.execPath, "--eval", send]);
  await expect.poll(answer, polling).toContain("ECONNREFUSED"); // at once: docs/decisions/0014

  await sandbox.run(["ip", "link", "delete", "eth1"]);
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

function untilFetched(where: string[], at: string): Promise<void> {
  const ask = async () => (await sandbox.runAnyExit([...where, ...fetchPage(`http://${at}/`)])).stdout.trim();
  return expect.poll(ask, { ...polling, message: at }).toBe("hello");
}

/** What a machine outside gets from port 80 of the node: "hello", or "" for nothing. */
function untilOutside(expected: string): Promise<void> {
  const ask = async () => (await sandbox.runAnyExit([...outside, ...askPage])).stdout.trim();
  return expect.poll(ask, polling).toBe(expected);
}

/** Waits for the reason why a Service has no address. */
function untilRefused(service: string, why: string): Promise<void> {
  return untilEvent(sandbox, service, "SyncLoadBalancerFailed", why);
}
