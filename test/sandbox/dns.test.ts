// Cluster DNS with real pods, a real API server and kube-proxy between them. What it does without an API server
// is shown in engine/dns.
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { waitFor } from "../../src/lib/wait.ts";
import { nodeAddress, outsideAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { inPodNetwork, type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

const service = "10.43.0.10";
const endpoint = "10.42.0.1";
const kubernetes = ["kubernetes.default.svc.cluster.local", "A"];
const otherUpstream = "10.88.0.7";

let node: NodeUnderTest;
let sandbox: Sandbox;
let serverAddress: string;
let clientAddress: string;

beforeAll(async () => {
  node = await startNode("dns");
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("ready means that the cluster's names are answered", async () => {
  expect(await ask(onNode, endpoint, "udp", kubernetes)).toEqual(["NOERROR 10.43.0.1"]);
});

test("pods in both networks find a Service by its short name", async () => {
  await sandbox.kubectl("apply", "--filename", sourcePath("test/sandbox/manifests/dns.yaml"));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s");
  [serverAddress, clientAddress] = [await podAddress("server"), await podAddress("client")];
  for (const pod of ["client", "host-client"]) {
    const fetchPage = ["exec", pod, "--", "wget", "-T", "8", "-qO-", "http://server/"];
    expect(await sandbox.kubectl(...fetchPage), pod).toBe("hello\n");
  }
});

test.each(["udp", "tcp"])("a pod's questions are answered over %s", async (network) => {
  const dashed = serverAddress.replaceAll(".", "-");
  const reversed = (address: string) => `${address.split(".").reverse().join(".")}.in-addr.arpa`;
  const answers: Record<string, string> = {
    "server.default.svc.cluster.local A": "NOERROR 10.43.0.77",
    "SERVER.default.svc.CLUSTER.local A": "NOERROR 10.43.0.77",
    "server.default.svc.cluster.local AAAA": "NOERROR",
    "_web._tcp.server.default.svc.cluster.local SRV": "NOERROR server.default.svc.cluster.local:80",
    "headless.default.svc.cluster.local A": `NOERROR ${serverAddress}`,
    "_web._tcp.headless.default.svc.cluster.local SRV": `NOERROR ${dashed}.headless.default.svc.cluster.local:8080`,
    "elsewhere.default.svc.cluster.local CNAME": "NOERROR www.example.com",
    [`${dashed}.default.pod.cluster.local A`]: `NOERROR ${serverAddress}`,
    [`${reversed("10.43.0.77")} PTR`]: "NOERROR server.default.svc.cluster.local",
    [`${reversed(nodeAddress)} PTR`]: "NOERROR 10-88-0-2.kubernetes.default.svc.cluster.local",
    "nothing.default.svc.cluster.local A": "NXDOMAIN",
    "www.example.com.default.svc.cluster.local A": "NXDOMAIN",
    [`${reversed("10.42.200.200")} PTR`]: "NXDOMAIN",
  };
  const questions = Object.keys(answers).flatMap((question) => question.split(" "));
  expect(await ask(inPod(), service, network, questions)).toEqual(Object.values(answers));
});

test("the node itself is answered, its network is not", async () => {
  expect(await ask(onNode, service, "tcp", kubernetes)).toEqual(["NOERROR 10.43.0.1"]);
  expect(await ask(outside, nodeAddress, "udp", kubernetes)).toEqual(["ECONNREFUSED"]);
  expect(await ask(outside, nodeAddress, "tcp", kubernetes)).toEqual(["ECONNREFUSED"]);
  // As a neighbour would that takes the node for its router.
  await sandbox.runOutside(["ip", "route", "add", "10.42.0.0/15", "via", nodeAddress]);
  for (const address of [endpoint, service])
    expect(await ask(outside, address, "udp", kubernetes), address).toEqual(["REFUSED"]);
  await sandbox.runOutside(["ip", "route", "del", "10.42.0.0/15"]);
});

test("other names are asked of the host's name servers, whichever they are now", async () => {
  await sandbox.runOutside(["ip", "address", "add", `${otherUpstream}/24`, "dev", "cable"]);
  startUpstream(outsideAddress, "192.0.2.1");
  startUpstream(otherUpstream, "192.0.2.2");
  await untilAnswer("NOERROR 192.0.2.1");
  // What the device's DHCP client does, with a link in /etc.
  await sandbox.run(["sh", "-c", `echo nameserver ${otherUpstream} >/run/resolv.conf.new`]);
  await sandbox.run(["mv", "/run/resolv.conf.new", "/run/resolv.conf"]);
  await sandbox.run(["ln", "-sfn", "/run/resolv.conf", "/etc/resolv.conf"]);
  await untilAnswer("NOERROR 192.0.2.2");
  await sandbox.run(["sh", "-c", `echo nameserver ${outsideAddress} >/run/resolv.conf.new`]);
  await sandbox.run(["mv", "/run/resolv.conf.new", "/run/resolv.conf"]);
  await untilAnswer("NOERROR 192.0.2.1");
  // It has an answer to everything, as in hotels; about the cluster's own names it isn't asked.
  const inside = ["nothing.default.svc", "nothing.default.svc.cluster.local"];
  const questions = inside.flatMap((name) => [name, "A", name, "AAAA"]);
  expect(new Set(await ask(inPod(), service, "udp", questions))).toEqual(new Set(["NXDOMAIN"]));
});

test("without name servers, other names fail at once and the cluster's don't", async () => {
  await sandbox.run(["rm", "/run/resolv.conf"]);
  await untilAnswer("SERVFAIL");
  const started = Date.now();
  const questions = ["www.example.com", "A", "www.example.org", "A", ...kubernetes];
  expect(await ask(inPod(), service, "udp", questions)).toEqual([
    "SERVFAIL",
    "SERVFAIL",
    "NOERROR 10.43.0.1",
  ]);
  expect(Date.now() - started).toBeLessThan(2000);
});

test("with a silent one, the cluster's names are answered, and others soon fail at once", async () => {
  const file = "search lan\\nnameserver 10.88.0.99\\n"; // with the DHCP server's domain
  await sandbox.run(["sh", "-c", `printf "${file}" >/run/resolv.conf`]);
  await expect
    .poll(() => sandbox.run(["cat", "/run/kubesolo/resolv.conf"]), polling)
    .toBe("nameserver 10.88.0.99\n");
  const askBoth = async (): Promise<number> => {
    const started = Date.now();
    expect(await ask(inPod(), service, "udp", ["www.example.net", "A"])).toEqual(["SERVFAIL"]);
    const tookMs = Date.now() - started;
    expect(await ask(inPod(), service, "udp", kubernetes)).toEqual(["NOERROR 10.43.0.1"]);
    return tookMs;
  };
  const isFast = async () => ((await askBoth()) < 500 ? true : undefined);
  await waitFor({ what: () => "failures in half a second", timeoutMs: 60_000, attempt: isFast, everyMs: 0 });
});

test("a pod's search list has the cluster's domains only, and names inside wait for nobody", async () => {
  const image = ["--image=localhost/busybox:1", "--image-pull-policy=Never"];
  await sandbox.kubectl("run", "searching", ...image, "--command", "--", "sleep", "100000");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/searching", "--timeout=60s");
  const exec = ["exec", "searching", "--"];
  const searched = "search default.svc.cluster.local svc.cluster.local cluster.local";
  expect((await sandbox.kubectl(...exec, "cat", "/etc/resolv.conf")).split("\n")).toContain(searched);
  const started = Date.now();
  const fetchPage = ["wget", "-T", "8", "-qO-", "http://server.default.svc.cluster.local/"];
  expect(await sandbox.kubectl(...exec, ...fetchPage)).toBe("hello\n");
  expect(Date.now() - started).toBeLessThan(3000);
});

test("it is there again after a restart, and has logged little", async () => {
  expect(await sandbox.stopEngine({ timeoutMs: 30_000 })).toBe(0);
  expect(sandbox.engineLog.match(/^kubesolo: dns: .*/gm)?.length ?? 0).toBeLessThan(6);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await ask(inPod(), service, "udp", ["server.default.svc.cluster.local", "A"])).toEqual([
    "NOERROR 10.43.0.77",
  ]);
});

test("with other networks, Services move along and pods find them; one that is the site's, too, is told", async () => {
  const [zones, hosts] = [
    `corp.example=${otherUpstream}`,
    "registry.local=192.0.2.5,printer.corp.example=192.0.2.6",
  ];
  await node.restartWith(
    "--pod-cidr=172.29.0.0/16",
    "--service-cidr=172.30.0.0/20",
    `--dns-stub-zones=${zones}`,
    `--dns-hosts=${hosts}`,
  );
  sandbox = node.sandbox;
  const address = ["get", "service", "server", "--output=jsonpath={.spec.clusterIP}"];
  expect(await sandbox.kubectl(...address)).toBe("172.30.0.77");
  await expect.poll(() => podAddress("client"), polling).toMatch(/^172\.29\.0\./);
  const fetchPage = ["exec", "client", "--", "wget", "-T", "8", "-qO-", "http://server/"];
  await expect.poll(() => sandbox.kubectl(...fetchPage).catch(() => ""), polling).toBe("hello\n");

  const lan = "ip link add lan type bridge && ip link set lan up && ip address add 172.30.9.9/24 dev lan";
  await sandbox.run(["sh", "-c", lan]);
  const condition = "jsonpath={.items[0].status.conditions[?(@.type=='NetworkOverlap')]['status','message']}";
  await expect
    .poll(() => sandbox.kubectl("get", "nodes", "--output", condition), polling)
    .toMatch(/^True the network 172\.30\.9\.0\/24 of lan overlaps that of the cluster's Services/);
  await sandbox.run(["ip", "link", "delete", "lan"]);
  await expect.poll(() => sandbox.kubectl("get", "nodes", "--output", condition), polling).toMatch(/^False /);
});

test("zones of the site's are asked of their own name servers, and hosts are known, without any other", async () => {
  await sandbox.run(["rm", "/etc/resolv.conf"]);
  await sandbox.runOutside(["ip", "address", "add", `${otherUpstream}/24`, "dev", "cable"]);
  startUpstream(otherUpstream, "192.0.2.2");
  const answers: Record<string, string> = {
    "db.corp.example A": "NOERROR 192.0.2.2",
    "printer.corp.example A": "NOERROR 192.0.2.6",
    "registry.local A": "NOERROR 192.0.2.5",
    "registry.local AAAA": "NOERROR",
    "5.2.0.192.in-addr.arpa PTR": "NOERROR registry.local",
    "www.example.com A": "SERVFAIL",
    "db.corp.example.default.svc.cluster.local A": "NXDOMAIN",
    "server.default.svc.cluster.local A": "NOERROR 172.30.0.77",
  };
  clientAddress = await podAddress("client");
  const questions = Object.keys(answers).flatMap((question) => question.split(" "));
  const all = () => ask(inPod(), "172.30.0.10", "udp", questions);
  await expect.poll(all, polling).toEqual(Object.values(answers));
});

const onNode: string[] = [];
const outside = ["ip", "netns", "exec", "outside"];

/** In the client pod's network; its image has no program for all of this. */
const inPod = () => inPodNetwork(clientAddress);

/** One line an answer, as dns-question.mjs prints them. */
async function ask(
  where: readonly string[],
  server: string,
  network: string,
  questions: readonly string[],
): Promise<string[]> {
  const question = [sourcePath("test/sandbox/dns-question.mjs"), server, network, ...questions];
  const lines = await sandbox.run([...where, process.execPath, ...question]);
  return lines.trimEnd().split("\n");
}

function untilAnswer(expected: string): Promise<void> {
  const askOnce = async () => (await ask(inPod(), service, "udp", ["www.example.com", "A"]))[0];
  return expect.poll(askOnce, { timeout: 10_000, interval: 100 }).toBe(expected);
}

/** Ends with the sandbox, which kills it. */
function startUpstream(address: string, answer: string): void {
  const program = sourcePath("test/sandbox/dns-upstream.mjs");
  sandbox.runOutside([process.execPath, program, address, answer]).catch(() => undefined);
}

function podAddress(name: string): Promise<string> {
  return sandbox.kubectl("get", "pod", name, "--output", "jsonpath={.status.podIP}");
}
