// The definitions of operators that many clusters have, cert-manager's and prometheus-operator's: as many and as large as they are
// published. What the engine needs with them is measured by `make bench-engine`.
import { appendFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchDefinitions } from "../../src/kit/workloads.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  kubectlInside,
  type NodeUnderTest,
  patience,
  polling,
  startNode,
} from "../sandbox/node-under-test.ts";

const manifest = sourcePath("test/workloads/manifests/operators.yaml");

let node: NodeUnderTest;
let sandbox: Sandbox;
/** Host paths: a folder an operator. */
let folders: string[];

beforeAll(async () => {
  folders = await fetchDefinitions();
  node = await startNode("operators");
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("the definitions are applied by the server, those too that the client can't", async () => {
  const files = folders.flatMap(listDefinitions);
  const largest = files.reduce((one, other) => (one.sizeBytes > other.sizeBytes ? one : other));
  await expect(sandbox.kubectl("apply", `--filename=${largest.path}`)).rejects.toThrow(
    /annotations: Too long/,
  );

  const before = sandbox.usage();
  await sandbox.kubectl("apply", "--server-side", ...folders.map((folder) => `--filename=${folder}`));
  await sandbox.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=120s");
  expect(await names("crd")).toHaveLength(files.length);
  const after = sandbox.usage();
  const sumKiB = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1024;
  note(`${files.length} definitions of ${folders.length} operators: ${sumKiB.toFixed(0)} KiB of YAML`);
  note(`… applied: ${(after.cpuSeconds - before.cpuSeconds).toFixed(1)} CPU-seconds of the engine's`);
  note(`… private memory: ${before.anonymousMiB.toFixed(0)} to ${after.anonymousMiB.toFixed(0)} MiB`);
});

test("objects of theirs are checked, made, explained and listed", async () => {
  await sandbox.kubectl("apply", "--filename", manifest);
  const wrong = [
    `{"apiVersion":"monitoring.coreos.com/v1","kind":"Prometheus","metadata":{"name":"wrong"},"spec":{"replicas":"one"}}`,
    `{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{"name":"wrong"},"spec":{"secretName":"wrong"}}`,
  ];
  const answers = [/spec\.replicas.*must be of type integer/s, /spec\.issuerRef: Required value/];
  for (const [index, object] of wrong.entries()) {
    const applied = sandbox.run([...kubectlInside(sandbox), "create", "--filename=-"], { input: object });
    await expect(applied).rejects.toThrow(answers[index]);
  }
  expect(await sandbox.kubectl("explain", "prometheus.spec.retention")).toContain(
    "FIELD: retention <string>",
  );
  expect(await sandbox.kubectl("get", "certificates", "--namespace=monitoring")).toMatch(/dashboard-tls/);
});

test("after an end of the engine the node gets Ready, and all of it is there", async () => {
  const objects = await theirs();
  expect(objects).toHaveLength(7);
  const crds = await names("crd");
  await sandbox.killEngine();
  await sandbox.startEngine();
  const seconds = await sandbox.waitForReady(patience);
  note(`… a restart with them: ready after ${seconds.toFixed(1)} s`);
  expect(await names("crd")).toEqual(crds);
  await expect.poll(theirs, polling).toEqual(objects);
});

test("a definition that goes takes its objects along, and their namespace ends", async () => {
  await sandbox.kubectl("delete", "crd", "certificates.cert-manager.io", "--timeout=60s");
  await sandbox.kubectl("delete", "namespace", "monitoring", "--timeout=60s");
  expect(await theirs()).toHaveLength(1);
});

interface Definition {
  /** Host path. */
  readonly path: string;
  readonly sizeBytes: number;
}

function listDefinitions(folder: string): Definition[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return files
    .sort()
    .map((name) => join(folder, name))
    .map((path) => ({ path, sizeBytes: statSync(path).size }));
}

async function names(kind: string): Promise<string[]> {
  return (await sandbox.kubectl("get", kind, "--output=name")).trim().split("\n");
}

/** Each object of the operators' kinds: its name and id. */
async function theirs(): Promise<string[]> {
  const kinds = (await Promise.all(["cert-manager.io", "monitoring.coreos.com"].map(kindsOf))).flat();
  const columns = "--output=jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid}{'\\n'}{end}";
  const printed = await sandbox.kubectl("get", kinds.join(","), "--all-namespaces", columns);
  return printed.split("\n").filter((line) => line !== "");
}

async function kindsOf(group: string): Promise<string[]> {
  const list = await sandbox.kubectl("api-resources", `--api-group=${group}`, "--output=name");
  return list.trim().split("\n");
}

/** Keeps what was counted or measured, in build/test/results.txt. */
function note(line: string): void {
  appendFileSync(buildPath("test", "results.txt"), `${line}\n`);
}
