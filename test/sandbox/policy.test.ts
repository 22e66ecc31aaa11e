// Network policies between real pods. Which packets they let pass in detail is shown in engine/policy.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type NodeUnderTest, patience, startNode } from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", `policy-${name}.yaml`);

let node: NodeUnderTest;
let sandbox: Sandbox;
let clientAddress: string;

beforeAll(async () => {
  node = await startNode("policy");
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
  await apply("pods");
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s");
  clientAddress = await sandbox.kubectl("get", "pod", "client", "--output", "jsonpath={.status.podIP}");
});

afterAll(() => node?.end());

test("without policies everybody may talk", async () => {
  await until(ask, "hello");
});

test("a policy denies, but never the kubelet's probes", async () => {
  await apply("deny");
  await until(ask, "");
  await sleep(3000); // three probes, one failure would do
  const ready = "jsonpath={.status.containerStatuses[0].ready}";
  expect(await sandbox.kubectl("get", "pod", "server", "--output", ready)).toBe("true");
});

test("another one allows, by a port's name", async () => {
  await apply("allow");
  await until(ask, "hello");
});

test("the rules stay while the engine is away, and when it starts again", async () => {
  expect(await askWithoutEngine()).toBe("hello");
  await sandbox.kubectl("delete", "--filename", manifest("allow"));
  await until(ask, "");
  await sandbox.killEngine();
  expect(await askWithoutEngine()).toBe("");
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await ask()).toBe("");
  await sandbox.kubectl("delete", "--filename", manifest("deny"));
  await until(ask, "hello");
});

test("without egress there are no names either, until a rule allows DNS by its usual labels", async () => {
  await until(lookup, "10.43.0.77");
  await apply("deny-egress");
  await until(lookup, "");
  await apply("allow-dns");
  await until(lookup, "10.43.0.77");
  expect(await ask()).toBe("");
  for (const name of ["deny-egress", "allow-dns"])
    await sandbox.kubectl("delete", "--filename", manifest(name));
});

test("a new pod's first packet meets its policies", async () => {
  await apply("eager");
  await sandbox.kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/eager", "--timeout=90s");
  expect(await sandbox.kubectl("logs", "eager")).toContain("denied");
});

function apply(name: string): Promise<string> {
  return sandbox.kubectl("apply", "--filename", manifest(name));
}

const page = "http://10.43.0.77/index.html";

/** What the client gets from the server: "hello", or "" for nothing. */
async function ask(): Promise<string> {
  const answer = sandbox.kubectl("exec", "client", "--", "wget", "-T", "2", "-qO-", page);
  return (await answer.catch(() => "")).trim();
}

/** The same from the client's network namespace: kubectl needs the engine. */
async function askWithoutEngine(): Promise<string> {
  const inNamespace = `for name in $(ip netns list | cut -d " " -f 1); do
    ip -n "$name" addr show | grep -qF "inet ${clientAddress}/" && exec nsenter "--net=/run/netns/$name" "$@"
  done`;
  const print = `fetch("${page}", { signal: AbortSignal.timeout(2000) })
    .then((answer) => answer.text()).then(console.log)`;
  const { stdout } = await sandbox.runAnyExit(["sh", "-c", inNamespace, "sh", process.execPath, "-e", print]);
  return stdout.trim();
}

/** What the client finds as the server's address, or "". */
async function lookup(): Promise<string> {
  const answer = sandbox.kubectl("exec", "client", "--", "nslookup", "server.default.svc.cluster.local");
  return /^Name:.*\nAddress: (.*)$/m.exec(await answer.catch(() => ""))?.[1] ?? "";
}

async function until(look: () => Promise<string>, expected: string): Promise<void> {
  const deadline = Date.now() + patience.timeoutMs;
  for (;;) {
    const found = await look();
    if (found === expected) return;
    if (Date.now() > deadline) expect(found).toBe(expected);
    await sleep(200);
  }
}
