// Network policies between real pods. Which packets they let pass in detail is shown in engine/policy.
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { inPodNetwork, type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

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
  await expect.poll(ask, polling).toBe("hello");
});

test("a policy denies, but never the kubelet's probes", async () => {
  await apply("deny");
  await expect.poll(ask, polling).toBe("");
  const { successful, failed } = await probes();
  await expect.poll(async () => (await probes()).successful, polling).toBeGreaterThan(successful + 2);
  expect((await probes()).failed).toBe(failed);
});

test("another one allows, by a port's name", async () => {
  await apply("allow");
  await expect.poll(ask, polling).toBe("hello");
});

test("the rules stay while the engine is away, and when it starts again", async () => {
  expect(await askWithoutEngine()).toBe("hello");
  await sandbox.kubectl("delete", "--filename", manifest("allow"));
  await expect.poll(ask, polling).toBe("");
  await sandbox.killEngine();
  expect(await askWithoutEngine()).toBe("");
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await ask()).toBe("");
  await sandbox.kubectl("delete", "--filename", manifest("deny"));
  await expect.poll(ask, polling).toBe("hello");
});

test("without egress there are no names either, until a rule allows DNS by its usual labels", async () => {
  await expect.poll(lookup, polling).toBe("10.43.0.77");
  await apply("deny-egress");
  await expect.poll(lookup, polling).toBe("");
  await apply("allow-dns");
  await expect.poll(lookup, polling).toBe("10.43.0.77");
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
  const print = `fetch("${page}", { signal: AbortSignal.timeout(2000) })
    .then((answer) => answer.text()).then(console.log)`;
  const ask = [...inPodNetwork(clientAddress), process.execPath, "-e", print];
  const { stdout } = await sandbox.runAnyExit(ask);
  return stdout.trim();
}

/** How often the kubelet has probed the server. */
async function probes(): Promise<{ successful: number; failed: number }> {
  const metrics = await sandbox.kubectl("get", "--raw", "/api/v1/nodes/policy/proxy/metrics/probes");
  const count = (result: string): number => {
    const sample = new RegExp(`^prober_probe_total{.*pod="server".*result="${result}".*} (.*)$`, "m");
    return Number(sample.exec(metrics)?.[1] ?? 0);
  };
  return { successful: count("successful"), failed: count("failed") };
}

/** What the client finds as the server's address, or "". */
async function lookup(): Promise<string> {
  const answer = sandbox.kubectl("exec", "client", "--", "nslookup", "server.default.svc.cluster.local");
  return /^Name:.*\nAddress: (.*)$/m.exec(await answer.catch(() => ""))?.[1] ?? "";
}
