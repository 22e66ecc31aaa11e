// Storage drivers and device plugins as their makers publish them: they count on the kubelet's usual folder, and on its memory.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", name);

let node: NodeUnderTest;
let sandbox: Sandbox;

beforeAll(async () => {
  node = await startNode("drivers", [], [readKit().driversArchive]);
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("a storage driver and a device plugin register", async () => {
  await sandbox.kubectl("apply", "--filename", manifest("drivers.yaml"));
  await expect.poll(drivers, polling).toBe("folders.example.com");
  await expect.poll(ports, polling).toBe("2");
});

test("pods get volumes of the driver, and each its device", async () => {
  await sandbox.kubectl("apply", "--filename", manifest("drivers-users.yaml"));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/first", "pod/second", "--timeout=120s");
  expect((await users()).map(([name]) => name).sort()).toEqual(["first", "second"]);
  expect(new Set((await users()).map(([, port]) => port))).toEqual(new Set(["one", "two"]));
});

test("all of it survives three ends of the engine, and what pods have stays theirs", async () => {
  const had = await users();
  for (const time of [1, 2, 3]) {
    await sandbox.killEngine();
    await sandbox.startEngine();
    await sandbox.waitForReady(patience);
    expect(await drivers(), `after end ${time}`).toBe("folders.example.com");
    await expect.poll(ports, polling).toBe("2");
    expect(await restarts(), `after end ${time}`).toMatch(/^(0 ?)+$/);
    // The volume is mounted by the kubelet of now, and the second pod's device is free for nobody but its successor.
    await sandbox.kubectl("delete", "pod", "second");
    await sandbox.kubectl("apply", "--filename", manifest("drivers-users.yaml"));
    await sandbox.kubectl("wait", "--for=condition=Ready", "pod/second", "--timeout=120s");
    expect((await users()).at(-1), `after end ${time}`).toEqual(had.find(([name]) => name === "second"));
  }
  expect(await users()).toHaveLength(5);
});

test("with pods and claim the mounts go, and the volume", async () => {
  await sandbox.kubectl("delete", "--filename", manifest("drivers-users.yaml"), "--timeout=60s");
  await sandbox.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=60s");
  await expect
    .poll(
      () => sandbox.run(["grep", "-c", "kubernetes.io.csi", "/proc/self/mountinfo"]).catch(() => "none"),
      polling,
    )
    .toBe("none");
  expect(await sandbox.run(["ls", "/var/lib/folders"])).toBe("");
});

/** What each start of a pod has written into the volume: its name and its device. */
async function users(): Promise<string[][]> {
  const [volume = ""] = (await sandbox.run(["ls", "/var/lib/folders"])).trim().split("\n");
  const text = await sandbox.run(["cat", `/var/lib/folders/${volume}/users`]);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));
}

function drivers(): Promise<string> {
  return sandbox.kubectl("get", "csinode", "--output=jsonpath={.items[*].spec.drivers[*].name}");
}

/** How many devices pods may have. */
function ports(): Promise<string> {
  return sandbox.kubectl(
    "get",
    "node",
    "--output=jsonpath={.items[*].status.allocatable.example\\.com/port}",
  );
}

function restarts(): Promise<string> {
  return sandbox.kubectl(
    ...["get", "pods", "--all-namespaces"],
    "--output=jsonpath={.items[*].status.containerStatuses[*].restartCount}",
  );
}
