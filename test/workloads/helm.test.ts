// A chart's life by the real helm: the chart has what published ones are made of.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildHelm } from "../../src/kit/workloads.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { fetchPage, type NodeUnderTest, patience, polling, startNode } from "../sandbox/node-under-test.ts";

const chart = sourcePath("test/workloads/chart");
const wait = ["--wait", "--timeout=120s"];

let node: NodeUnderTest;
/** Host path. */
let program: string;

beforeAll(async () => {
  program = await buildHelm();
  node = await startNode("helm");
  await node.sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("a chart is installed: its definition, hooks, claim and pods", async () => {
  await helm("install", "web", chart, ...wait);
  expect(await page()).toBe("first");
  expect(await hooks()).toEqual(["pre-install first", "post-install first"]);
  expect(await stored()).toBe("first");
  expect(await node.sandbox.kubectl("get", "pvc", "web")).toMatch(/ Bound /);
  await helm("test", "web");
});

test("it is upgraded, and keeps its claim", async () => {
  await helm("upgrade", "web", chart, "--set=page=second", ...wait);
  expect(await page()).toBe("second");
  expect((await hooks()).slice(2)).toEqual(["pre-upgrade second", "post-upgrade second"]);
  expect(await stored()).toBe("second");
  expect(await starts()).toEqual(["first", "second"]);
  await helm("test", "web");
});

test("an upgrade that fails is taken back by itself", async () => {
  const broken = ["--set=page=third,image=localhost/missing:1", "--atomic", "--timeout=45s"];
  await expect(helm("upgrade", "web", chart, ...broken)).rejects.toThrow(
    /has been rolled back due to atomic being set/,
  );
  expect(await page()).toBe("second");
  expect(await revisions()).toEqual(["1 superseded", "2 superseded", "3 failed", "4 deployed"]);
});

test("it is rolled back to its first revision", async () => {
  const told = (await hooks()).length;
  await helm("rollback", "web", "1", ...wait);
  expect(await page()).toBe("first");
  expect((await hooks()).slice(told)).toEqual(["pre-rollback first", "post-rollback first"]);
  expect(await stored()).toBe("first");
  expect((await revisions()).at(-1)).toBe("5 deployed");
  expect(await starts()).toContain("second");
});

test("uninstalled, nothing of it stays but its definition", async () => {
  const { sandbox } = node;
  await helm("uninstall", "web", ...wait);
  expect((await hooks()).slice(-2)).toEqual(["pre-delete first", "post-delete first"]);
  expect(JSON.parse(await helm("list", "--all", "--output=json"))).toEqual([]);
  const kinds = "deployments,replicasets,pods,jobs,services,endpointslices,pvc,secrets,pages";
  const left = () =>
    sandbox.kubectl("get", kinds, "--output=name", "--field-selector=metadata.name!=kubernetes");
  await expect.poll(left, polling).toBe("");
  await expect.poll(() => sandbox.kubectl("get", "pv", "--output=name"), polling).toBe("");
  expect(await sandbox.kubectl("get", "crd", "--output=name")).toContain("pages.workloads.example.com");
});

/** On the node; its caches are with the test's files. */
function helm(...args: string[]): Promise<string> {
  const { sandbox, directory } = node;
  const folders = ["CACHE", "CONFIG", "DATA"].map(
    (name) => [`HELM_${name}_HOME`, join(directory, "helm", name)] as const,
  );
  return sandbox.run([program, `--kubeconfig=${sandbox.kubeconfig}`, ...args], {
    env: Object.fromEntries(folders),
  });
}

/** As the Service gives it. */
async function page(): Promise<string> {
  const address = await node.sandbox.kubectl("get", "service", "web", "--output=jsonpath={.spec.clusterIP}");
  return (await node.sandbox.run(fetchPage(`http://${address}`))).trim();
}

/** As the object of the chart's own kind has it. */
function stored(): Promise<string> {
  return node.sandbox.kubectl("get", "page", "web", "--output=jsonpath={.spec.text}");
}

async function hooks(): Promise<string[]> {
  return (await node.sandbox.run(["cat", "/var/lib/hooks/hooks"])).trim().split("\n");
}

/** What each start of a pod has left in the volume. */
async function starts(): Promise<string[]> {
  return (await node.sandbox.kubectl("exec", "deployment/web", "--", "cat", "/data/starts"))
    .trim()
    .split("\n");
}

async function revisions(): Promise<string[]> {
  const history: { revision: number; status: string }[] = JSON.parse(
    await helm("history", "web", "--output=json"),
  );
  return history.map(({ revision, status }) => `${revision} ${status}`);
}
