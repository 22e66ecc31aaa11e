// Workloads that want ports of the engine's, and DNS servers for the local network beside cluster DNS. Who gets which port
// is shown in engine/ports and engine/components.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { nodeAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  fetchPage,
  inPodNetwork,
  kubectlInside,
  type NodeUnderTest,
  patience,
  polling,
  startNode,
  untilEvent,
} from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", `${name}.yaml`);
const outside = ["ip", "netns", "exec", "outside"];
const clusterDns = "10.43.0.10";
const kubernetes = "kubernetes.default.svc.cluster.local";

let node: NodeUnderTest;
let sandbox: Sandbox;

beforeAll(async () => {
  node = await startNode("ports");
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
  for (const name of ["ports", "ports-lan-dns"]) await sandbox.kubectl("apply", "--filename", manifest(name));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s");
  const status = { status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }, { ip: nodeAddress }] } } };
  const patch = ["patch", "service", "foreign", "--subresource=status", "--type=merge"];
  await sandbox.kubectl(...patch, `--patch=${JSON.stringify(status)}`);
});

afterAll(() => node?.end());

test("who wants a port of the engine's is told whose it is", async () => {
  const refused: [name: string, message: string][] = [
    ["taker", "port 6443/TCP of the node belongs to the API server"],
    ["taker", "port 10250/TCP of the node belongs to the kubelet"],
    ["taker", "port 10256/TCP of the node belongs to kube-proxy's health"],
    ["declared", "port 10249/TCP of the node belongs to kube-proxy's metrics"],
    ["external", `port 6443/TCP at ${nodeAddress} belongs to the API server`],
    ["external-of-nobody", `port 10250/TCP at ${nodeAddress} belongs to the kubelet`],
    ["external-dns", "port 53/UDP at 10.42.0.1 belongs to cluster DNS"],
    ["foreign", `port 6443/TCP at ${nodeAddress} belongs to the API server`],
  ];
  for (const [name, message] of refused) await untilEvent(sandbox, name, "PortRefused", message);
});

test("the engine keeps its ports, and a pod its others", async () => {
  await servesAll();
  expect(await sandbox.runOutside(fetchPage(`http://${nodeAddress}:8088/`))).toContain("taken");
});

test("a DNS server for the local network works beside cluster DNS, as a host port", async () => {
  await startLanDns(inPodNetwork(await podAddress("lan-dns")));
  await answersBoth();
});

test("… and as a LoadBalancer", async () => {
  await sandbox.kubectl("delete", "pod", "lan-dns");
  await sandbox.kubectl("apply", "--filename", manifest("ports-balanced-dns"));
  await startLanDns(inPodNetwork(await podAddress("balanced-dns")));
  await answersBoth();
  await sandbox.kubectl("delete", "service", "balanced-dns");
});

test("… and on the node's network, at all its addresses; the next start gets ready with all of this there", async () => {
  await startLanDns([]);
  await answersBoth();
  await sandbox.killEngine();
  const isTaken = ["grep", "-qs", ":192B 0*:0000 0A", "/proc/net/tcp", "/proc/net/tcp6"]; // listening, at all addresses
  await sandbox.until(isTaken, patience);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(sandbox.engineLog).toMatch(/httpd \(pid \d+\) listened on port 6443\/TCP/);
  await untilEvent(sandbox, "looper", "PortRefused", "port 6443/TCP, which belongs to the API server");
  await servesAll();
  await answersBoth();
});

test("rules that somebody removes are put back within seconds, and told", async () => {
  await sandbox.kubectl("apply", "--filename", manifest("policy-deny"));
  await expect.poll(() => readRules(), polling).toContain("kubesolo-policy");
  await nft("flush", "ruleset"); // kube-proxy may have left chains of Services that are gone; from here on it has none
  const tables = ["kubesolo-policy", "kubesolo-masquerade", "kubesolo-dns", "kube-proxy", "cni_hostport"];
  for (const table of tables) await expect.poll(() => readRules(), polling).toContain(table);
  await expect.poll(async () => (await readRules()) === (await readRules(1)), polling).toBe(true);
  expect(await sandbox.runOutside(fetchPage(`http://${nodeAddress}:8088/`))).toContain("taken");
  await servesAll();
  const before = await readRules();
  for (const command of [
    "flush ruleset",
    "delete table ip cni_hostport",
    "flush chain ip cni_hostport prerouting",
    "flush chain ip kube-proxy services",
    "flush table inet kubesolo-policy",
    "delete table ip kubesolo-masquerade",
    "flush table ip kubesolo-dns",
  ]) {
    await nft(...command.split(" "));
    await expect.poll(() => readRules(), { timeout: 15_000, interval: 200, message: command }).toBe(before);
  }
  for (const what of ["network policies", "Services", "host ports", "cluster DNS", "the pods' way out"])
    expect(sandbox.engineLog).toContain(`somebody has changed the nftables rules of ${what} `);
  await servesAll();
});

test("… also after a reboot", async () => {
  await sandbox.crash();
  await sandbox.boot();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await servesAll();
});

/** API, kubelet (logs come from there) and cluster DNS answer, from where each is asked. */
async function servesAll(): Promise<void> {
  const api = (address: string) => `https://${address}/version`;
  const ask = (url: string) => () => sandbox.runOutside(fetchPage(url)).catch(String);
  await expect.poll(ask(api(`${nodeAddress}:6443`)), polling).toContain("gitVersion");
  for (const address of ["127.0.0.1:6443", "10.42.0.1:6443", `${nodeAddress}:6443`, "10.43.0.1:443"])
    expect(await sandbox.run(fetchPage(api(address))), address).toContain("gitVersion");
  await sandbox.until([...kubectlInside(sandbox), "logs", "taker"], patience);
  for (const server of [clusterDns, "10.42.0.1"])
    for (const network of ["udp", "tcp"])
      expect(await askDns([], server, network, kubernetes), server).toBe("NOERROR 10.43.0.1");
}

/** The network is answered by the DNS server that is for it, pods by cluster DNS. */
async function answersBoth(): Promise<void> {
  const lan = () => askDns(outside, nodeAddress, "udp", "www.example.com");
  await expect.poll(lan, polling).toBe("NOERROR 192.0.2.53");
  const inPod = inPodNetwork(await podAddress("taker"));
  for (const server of [clusterDns, "10.42.0.1"])
    expect(await askDns(inPod, server, "udp", kubernetes), server).toBe("NOERROR 10.43.0.1");
  expect(await askDns(inPod, clusterDns, "tcp", kubernetes)).toBe("NOERROR 10.43.0.1");
}

async function askDns(where: string[], server: string, network: string, name: string): Promise<string> {
  const question = [sourcePath("test/sandbox/dns-question.mjs"), server, network, name, "A"];
  return (await sandbox.run([...where, process.execPath, ...question])).trim();
}

/** All that holds, in no order: sets have none. */
async function readRules(afterSeconds = 0): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, afterSeconds * 1000));
  const text = await nft("--stateless", "list", "ruleset");
  return text
    .split(/[\s,]+/)
    .sort()
    .join(" ");
}

/** The node's own program: another version may not understand what it wrote. */
function nft(...args: string[]): Promise<string> {
  return sandbox.run([join(sandbox.path("library"), "bin/nft"), ...args]);
}

/** One with an answer of its own to all; ends with the sandbox, which kills it. */
async function startLanDns(where: string[]): Promise<void> {
  const program = sourcePath("test/sandbox/dns-upstream.mjs");
  sandbox.run([...where, process.execPath, program, "0.0.0.0", "192.0.2.53"]).catch(() => undefined);
}

function podAddress(name: string): Promise<string> {
  return sandbox.kubectl("get", "pod", name, "--output", "jsonpath={.status.podIP}");
}
