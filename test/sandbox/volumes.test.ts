// Volumes that pods claim, with a real kubelet and a real disk. What is decided when is shown in engine/storage.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type NodeUnderTest, patience, polling, startNode, untilEvent } from "./node-under-test.ts";

const writerManifest = sourcePath("test/sandbox/manifests/volumes-writer.yaml");

let node: NodeUnderTest;
let sandbox: Sandbox;
/** Host paths of the folders that hold the volumes' folders. */
let place: string;
let shared: string;

beforeAll(async () => {
  node = await startNode("volumes");
  sandbox = node.sandbox;
  place = join(sandbox.path("state"), "local-path-storage");
  shared = join(node.directory, "shared");
  await sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("the class local-path is the default", async () => {
  expect(await sandbox.kubectl("get", "storageclass")).toMatch(
    /^local-path \(default\)\s+rancher\.io\/local-path\s+Delete\s+WaitForFirstConsumer\s+false /m,
  );
});

test("a pod that is not root writes to its volume", async () => {
  await startWriter();
  expect(lines()).toBe(1);
  const claim = await sandbox.kubectl("get", "pvc", "data", "--output", field(".status.capacity.storage"));
  expect(claim).toBe("10Mi");
});

test("the volume is still there after a restart of the engine, and after a power cut", async () => {
  await sandbox.stopEngine({ timeoutMs: 30_000 });
  await sandbox.run(["hostname", "called-otherwise"]);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await nodes()).toBe("volumes"); // as it registered first
  await sandbox.kubectl("delete", "pod", "writer");
  await startWriter();
  expect(lines()).toBe(2);

  await sandbox.crash();
  await sandbox.boot();
  // The pod has nobody who would make it anew, and pod and volume are the old node's.
  Object.assign(sandbox.options.environment, { KUBESOLO_NODE_NAME: "renamed" });
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  expect(await nodes()).toBe("renamed");
  await expect.poll(lines, polling).toBe(3);
  await sandbox.kubectl("delete", "pod", "writer");
  await startWriter();
  expect(lines()).toBe(4);
});

test("a deleted volume object waits for its claim, and the folder goes with the claim", async () => {
  const volume = await sandbox.kubectl("get", "pvc", "data", "--output", field(".spec.volumeName"));
  await sandbox.kubectl("delete", "pv", volume, "--wait=false");
  expect(lines()).toBeGreaterThanOrEqual(3);
  await sandbox.kubectl("delete", "pod,pvc", "--all", "--timeout=60s");
  await sandbox.kubectl("wait", "--for=delete", `pv/${volume}`, "--timeout=60s");
  expect(readdirSync(place)).toEqual([]);
});

test("a claim that is deleted just before the engine dies is cleaned up when it is back", async () => {
  await startWriter();
  await sandbox.kubectl("delete", "pod", "writer");
  await sandbox.kubectl("delete", "pvc", "data", "--wait=false");
  await sandbox.killEngine();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await sandbox.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=60s");
  expect(readdirSync(place)).toEqual([]);
});

test("what can't be had is refused with what can", async () => {
  await sandbox.kubectl("apply", "--filename", sourcePath("test/sandbox/manifests/volumes-refused.yaml"));
  await sandbox.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/kept", "--timeout=60s");
  await untilRefused("many", "--local-storage-shared-path");
  await untilRefused("block", "set volumeMode to Filesystem");
  await sandbox.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/huge", "--timeout=60s");
  await untilEvent(sandbox, "huge", "VolumeLargerThanDisk", "1Pi are asked for, and ");
  await expect
    .poll(warning, polling)
    .toMatch(/^True the volumes in \S+ promise 1048576Gi, and its disk has \d+/);
});

test("the policy Retain keeps folder and object", async () => {
  const volume = await sandbox.kubectl("get", "pvc", "kept", "--output", field(".spec.volumeName"));
  await sandbox.kubectl("delete", "pvc", "kept");
  await sandbox.kubectl("wait", "--for=jsonpath={.status.phase}=Released", `pv/${volume}`, "--timeout=60s");
  expect(existsSync(join(place, `${volume}_default_kept`))).toBe(true);
  await sandbox.kubectl("delete", "pv", volume, "--timeout=60s");
  expect(existsSync(join(place, `${volume}_default_kept`))).toBe(true);
  await sandbox.kubectl("delete", "pvc", "--all"); // those that were refused, and the huge one
  await sandbox.kubectl("delete", "pv", "--all", "--timeout=60s");
  await expect.poll(warning, polling).toMatch(/^False /);
});

test("with a place for shared volumes, many pods write to one; missing, it is not made", async () => {
  await restartWith("--local-storage-shared-path", shared);
  await sandbox.kubectl("apply", "--filename", sourcePath("test/sandbox/manifests/volumes-shared.yaml"));
  await untilRefused("both", "cannot use the place for shared volumes");
  mkdirSync(shared);
  const succeeded = "--for=jsonpath={.status.phase}=Succeeded";
  await sandbox.kubectl("wait", succeeded, "pod/one", "pod/two", "--timeout=90s");
  const [folder = ""] = readdirSync(shared);
  expect(readdirSync(join(shared, folder)).sort()).toEqual(["one", "two"]);
  await sandbox.kubectl("delete", "pod/one", "pod/two", "pvc/both");
  await sandbox.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=60s");
  expect(readdirSync(shared)).toEqual([]);
});

test("without local storage there is no class, unless somebody has changed it", async () => {
  await restartWith("--no-local-storage");
  expect(await classes()).toBe("at-once");
  await restartWith();
  expect(await classes()).toBe("at-once local-path");
  await sandbox.kubectl("annotate", "storageclass", "local-path", "example.com/mine=yes");
  await restartWith("--no-local-storage");
  expect(await classes()).toBe("at-once local-path");
});

/** The same node, as after a power cut, with other flags. */
async function restartWith(...flags: string[]): Promise<void> {
  await node.restartWith(...flags);
  sandbox = node.sandbox;
}

function nodes(): Promise<string> {
  return sandbox.kubectl("get", "nodes", "--output", field(".items[*].metadata.name"));
}

/** Whether the node says that volumes promise more than there is. */
function warning(): Promise<string> {
  const condition = ".items[0].status.conditions[?(@.type=='VolumesLargerThanDisk')]['status','message']";
  return sandbox.kubectl("get", "nodes", "--output", field(condition));
}

function classes(): Promise<string> {
  return sandbox.kubectl("get", "storageclass", "--output", field(".items[*].metadata.name"));
}

async function startWriter(): Promise<void> {
  await sandbox.kubectl("apply", "--filename", writerManifest);
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/writer", "--timeout=90s");
}

/** How often the writer has started, seen from the node. */
function lines(): number {
  const folder = readdirSync(place).find((name) => name.endsWith("_default_data")) ?? "";
  return readFileSync(join(place, folder, "lines"), "utf8")
    .trimEnd()
    .split("\n").length;
}

/** Waits for the reason why a claim has no volume. */
function untilRefused(claim: string, why: string): Promise<void> {
  return untilEvent(sandbox, claim, "ProvisioningFailed", why);
}

function field(path: string): string {
  return `jsonpath={${path}}`;
}
