// Pods and Services with IPv6 addresses beside IPv4. Which packets policies let pass in detail is shown in engine/policy.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { fetchPage, type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", `${name}.yaml`);
const flags = ["--pod-cidr=10.42.0.0/16,fd42::/56", "--service-cidr=10.43.0.0/16,fd43::/112"];
const nodeAddress = "fd00:88::2";
const outsideAddress = "fd00:88::1";

let node: NodeUnderTest;
let sandbox: Sandbox;
let pod: string;
let service: string;

beforeAll(async () => {
  node = await startNode("dual-stack", flags);
  sandbox = node.sandbox;
  await sandbox.run(["ip", "address", "add", `${nodeAddress}/64`, "dev", "eth0", "nodad"]);
  await sandbox.runOutside(["ip", "address", "add", `${outsideAddress}/64`, "dev", "cable", "nodad"]);
  await sandbox.waitForReady(patience);
  await sandbox.kubectl("apply", "--filename", manifest("dual-stack"));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s");
  pod = await get("pod/server", "{.status.podIPs[1].ip}");
  service = await get("service/both", "{.spec.clusterIPs[1]}");
});

afterAll(() => node?.end());

test("pods, the node and Services have an address of each family", async () => {
  expect(await get("pod/server", "{.status.podIPs[*].ip}")).toMatch(/^10\.42\.0\.\d+ fd42::\w+$/);
  expect(await get("node/dual-stack", '{.status.addresses[?(@.type=="InternalIP")].address}')).toBe(
    "10.88.0.2 fd42::1",
  );
  expect(await get("service/both", "{.spec.clusterIPs[*]}")).toMatch(/^10\.43\.\S+ fd43::\w+$/);
  expect(await get("service/six", "{.spec.clusterIPs[*]}")).toMatch(/^fd43::\w+$/);
  const given = () => get("service/both", "{.status.loadBalancer.ingress[*].ip}");
  await expect.poll(given, polling).toBe(`10.88.0.2 ${nodeAddress}`);
});

test("all of them answer: to pods, on the node, outside", async () => {
  await answersAll();
});

test("the program sees its client's own address", async () => {
  await sandbox.runOutside(fetchPage(`http://[${nodeAddress}]:8090/`));
  expect(await sandbox.kubectl("logs", "server")).toContain(`[${outsideAddress}]:`);
});

test("names lead to addresses of IPv6, and these to names", async () => {
  const ask = (...words: string[]) => sandbox.kubectl("exec", "client", "--", "nslookup", ...words);
  expect(await ask("-type=aaaa", "both.default.svc.cluster.local")).toContain(service);
  expect(await ask(service)).toContain("both.default.svc.cluster.local");
});

test("a policy holds over IPv6, and tells a client outside by its address", async () => {
  await sandbox.kubectl("apply", "--filename", manifest("dual-stack-policy"));
  await expect.poll(() => askInPod(`[${pod}]`), polling).not.toBe("hello");
  for (const host of [
    `[${service}]:8090`,
    `[${nodeAddress}]:8080`,
    `${await get("pod/server", "{.status.podIP}")}`,
  ])
    expect(await askInPod(host), host).not.toBe("hello");
  await expect.poll(() => askOutside(`[${nodeAddress}]:8090`), polling).toBe("hello");
  expect(await askOutside(`10.88.0.2:8090`)).not.toBe("hello");
  await sandbox.kubectl("delete", "--filename", manifest("dual-stack-policy"));
  await expect.poll(() => askInPod(`[${pod}]`), polling).toBe("hello");
});

test("rules that somebody removes are put back", async () => {
  for (const command of [
    "flush ruleset",
    "delete table ip6 cni_hostport",
    "flush chain ip6 kube-proxy services",
  ]) {
    await sandbox.run([join(sandbox.path("library"), "bin/nft"), ...command.split(" ")]);
    for (const host of [`[${nodeAddress}]:8080`, `[${nodeAddress}]:30080`])
      await expect.poll(() => askOutside(host), { ...polling, message: command }).toBe("hello");
  }
  await answersAll();
});

test("without IPv6 again, each Service has an address of IPv4", async () => {
  const before = await get("service/both", "{.spec.clusterIP}");
  await node.restartWith();
  sandbox = node.sandbox;
  expect(await get("service/both", "{.spec.clusterIPs[*]} {.spec.ipFamilies[*]}")).toBe(`${before} IPv4`);
  expect(await get("service/six", "{.spec.clusterIPs[*]}")).toMatch(/^10\.43\.\d+\.\d+$/);
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s");
  await expect.poll(() => get("pod/server", "{.status.podIPs[*].ip}"), polling).toMatch(/^10\.42\.0\.\d+$/);
  await expect.poll(() => askInPod("six"), polling).toBe("hello");
});

async function answersAll(): Promise<void> {
  const ports = [`[${nodeAddress}]:8090`, `[${nodeAddress}]:30080`, `[${nodeAddress}]:8080`];
  const says = (host: string, ask: (host: string) => Promise<string>) =>
    expect.poll(() => ask(host), { ...polling, message: host }).toBe("hello");
  for (const host of [`[${pod}]`, `[${service}]:8090`, "six", ...ports]) await says(host, askInPod);
  for (const host of [`[${pod}]`, `[${service}]:8090`, ...ports]) await says(host, askOnNode);
  for (const host of ports) await says(host, askOutside);
}

function askOnNode(host: string): Promise<string> {
  return sandbox.run(fetchPage(`http://${host}/`)).then(trim, String);
}

function askInPod(host: string): Promise<string> {
  const command = ["timeout", "5", "wget", "-q", "-O", "-", `http://${host}/`];
  return sandbox.kubectl("exec", "client", "--", ...command).then(trim, String);
}

function askOutside(host: string): Promise<string> {
  return sandbox.runOutside(fetchPage(`http://${host}/`)).then(trim, String);
}

const trim = (text: string): string => text.trim();

function get(object: string, path: string): Promise<string> {
  return sandbox.kubectl("get", object, `--output=jsonpath=${path}`);
}
