// What a person meets when something is wrong with the host, the disk or the database.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NodeUnderTest, patience, startNode } from "./node-under-test.ts";

let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("failures");
  await node.sandbox.waitForReady(patience);
});
afterAll(() => node?.end());

test("a second engine on the same state is told whose it is", async () => {
  const { exitCode, stderr } = await node.engine(`--path=${statePath()}`);
  expect(stderr).toMatch(/another engine, process \d+, already runs on /);
  expect(exitCode).toBe(78);
});

test("all ports that are taken are named, with who needs them and who has them", async () => {
  const { exitCode, stderr } = await node.engine("--path=/run/other-state");
  for (const [port, user] of [
    [6443, "the API server"],
    [10250, "the kubelet"],
    [9105, "the engine's metrics"],
  ])
    expect(stderr).toMatch(
      new RegExp(`problem: port ${port}, for ${user}, is taken by kubesolo \\(pid \\d+\\)`),
    );
  expect(stderr).toContain("problems above; nothing was changed");
  expect(exitCode).toBe(78);
  await node.sandbox.run(["test", "!", "-e", "/run/other-state"]);
});

test("a disk that gets full is survived, and nothing that was acknowledged is lost", async () => {
  const { sandbox } = node;
  await sandbox.stopEngine(patience);
  await sandbox.run(["mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", statePath()]);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await sandbox.kubectl("create", "configmap", "before");

  const filler = join(statePath(), "filler");
  await sandbox.runAnyExit(["dd", "if=/dev/zero", `of=${filler}`, "bs=64k"]);
  await sandbox.kubectl("get", "configmap", "before"); // reading goes on
  // The database's log is reused, so small writes go on for a while.
  const acknowledged: string[] = [];
  const content = `--from-literal=content=${"x".repeat(100_000)}`;
  let refusal = "";
  for (let number = 0; number < 100 && refusal === ""; number++) {
    const args = [...kubectl(), "create", "configmap", `full-${number}`, content];
    const { exitCode, stderr } = await sandbox.runAnyExit(args);
    if (exitCode === 0) acknowledged.push(`configmap/full-${number}`);
    else refusal = stderr;
  }
  expect(refusal).toContain("database or disk is full");
  const status = await sandbox.until(["sh", "-c", `! ${engineProgram()} status`], patience);
  expect(status).toMatch(/^kine +failing .* is full: free some room$/m);
  const found = (await sandbox.kubectl("get", "configmaps", "--output=name")).split("\n");
  expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);
  for (let number = 0; number < 30; number++)
    await sandbox.runAnyExit([...kubectl(), "create", "configmap", `later-${number}`, content]);
  expect(sandbox.isEngineRunning).toBe(true);
  const lines = sandbox.engineLog.split("\n");
  expect(lines.filter((line) => line.includes("is full: free some room"))).toHaveLength(1);
  expect(sandbox.engineLog.length).toBeLessThan(40_000);

  await sandbox.run(["rm", filler]);
  await sandbox.until([...kubectl(), "create", "configmap", "after"], patience);
  await sandbox.until([engineProgram(), "status"], patience);
  expect(sandbox.engineLog).toContain("takes writes again");
  await sandbox.killEngine(); // what is only in memory is gone
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await sandbox.kubectl(
    "get",
    "configmap",
    "before",
    "after",
    ...acknowledged.map((name) => name.replace("configmap/", "")),
  );
});

test("without room there is no start, and with it there is", async () => {
  const { sandbox } = node;
  await sandbox.stopEngine(patience);
  const filler = join(statePath(), "filler");
  await sandbox.runAnyExit(["dd", "if=/dev/zero", `of=${filler}`, "bs=64k"]);
  const { exitCode, stderr } = await node.engine(`--path=${statePath()}`);
  expect(stderr).toMatch(/problem: the disk of .* is full: \d+ MB are left, 16 are needed to start/);
  expect(exitCode).toBe(78);
  await sandbox.run(["rm", filler]);
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  await sandbox.kubectl("get", "configmap", "before", "after");
  await sandbox.stopEngine(patience);
  await sandbox.run(["umount", statePath()]);
});

test.each([
  [
    "has pages of noise",
    65,
    "is damaged",
    (content: Buffer) => content.fill(0xa5, 2 * 4096, content.length / 2),
  ],
  ["is cut in half", 65, "is damaged", (content: Buffer) => content.subarray(0, content.length / 2)],
  ["is something else", 78, "is no SQLite database", (content: Buffer) => content.fill("x")],
  ["is empty", 78, "is empty, but there was a cluster", () => Buffer.alloc(0)],
])("a database that %s is kept, and said", async (_, code, message, spoil) => {
  if (node.sandbox.isEngineRunning) await node.sandbox.stopEngine(patience);
  const database = join(statePath(), "kine/db/state.db");
  copyFileSync(database, `${database}.kept`);
  try {
    const spoilt = spoil(readFileSync(database));
    writeFileSync(database, spoilt);
    const { exitCode, stderr } = await node.engine(`--path=${statePath()}`);
    expect(stderr).toContain(message);
    expect(stderr).toContain(database);
    expect(exitCode).toBe(code);
    expect(readFileSync(database).equals(spoilt)).toBe(true);
  } finally {
    copyFileSync(`${database}.kept`, database);
  }
});

test("the state that was kept is good", async () => {
  await node.sandbox.startEngine();
  await node.sandbox.waitForReady(patience);
});

function statePath(): string {
  return node.sandbox.path("state");
}

function kubectl(): string[] {
  return [join(node.sandbox.options.engine, "kubectl"), `--kubeconfig=${node.sandbox.kubeconfig}`];
}

function engineProgram(): string {
  return join(node.sandbox.options.engine, "kubesolo");
}
