// Drivers of storage and of devices as their makers publish them: they count on the kubelet's usual folder, and on its memory.
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

test("a storage driver, a device plugin and a driver of DRA register", async () => {
  for (const file of [sourcePath("src/kit/drivers/drivers.yaml"), manifest("lamps.yaml")])
    await sandbox.kubectl("apply", "--filename", file);
  await expect.poll(drivers, polling).toBe("folders.example.com");
  await expect.poll(ports, polling).toBe("2");
  await expect.poll(lamps, polling).toBe("drivers: bright dark");
});

test("pods get volumes of the driver, and each its port and its lamp", async () => {
  await sandbox.kubectl("apply", "--filename", manifest("drivers-users.yaml"));
  await expect.poll(starts, polling).toBe(3);
  const given = (await users()).sort();
  expect(given.map(([name]) => name)).toEqual(["first-0", "second-0", "third-0"]);
  expect(given.map(([, port]) => port).sort()).toEqual(["none", "one", "two"]);
  expect(given[2]?.[1]).toBe("none");
  // The device is there, too: reading the bright one gives a byte.
  expect(given.map(([, , ...lamp]) => lamp.join(" ")).sort()).toEqual(["bright 1", "dark 0", "none 0"]);
  expect(given[1]?.[2]).toBe("none");
});

test("all of it survives three ends of the engine, and what pods have stays theirs", async () => {
  const had = await users();
  const startAgain = async (pod: string) => {
    const before = await starts();
    await sandbox.kubectl("delete", "pod", pod);
    await expect.poll(starts, polling).toBe(before + 1);
    expect((await users()).at(-1)).toEqual(had.find(([name]) => name === pod));
  };
  for (const time of [1, 2, 3]) {
    await sandbox.killEngine();
    await sandbox.startEngine();
    await sandbox.waitForReady(patience);
    expect(await drivers(), `after end ${time}`).toBe("folders.example.com");
    await expect.poll(ports, polling).toBe("2");
    expect(await restarts(), `after end ${time}`).toMatch(/^(0 ?)+$/);
    // The volume is mounted by the kubelet of now, and the second pod's port is free for nobody but its successor.
    await startAgain("second-0");
  }
  // A kubelet that starts takes back what drivers of DRA have published; these notice within half a minute.
  await expect.poll(lamps, polling).toBe("drivers: bright dark");
  await startAgain("third-0");
  expect(await users()).toHaveLength(7);
});

test("with pods and claims the mounts go, the volume, and what the runtime knew of the lamps", async () => {
  await sandbox.kubectl("delete", "--filename", manifest("drivers-users.yaml"), "--timeout=60s");
  await sandbox.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=60s");
  await expect
    .poll(
      () => sandbox.run(["grep", "-c", "kubernetes.io.csi", "/proc/self/mountinfo"]).catch(() => "none"),
      polling,
    )
    .toBe("none");
  expect(await sandbox.run(["ls", "/var/lib/folders"])).toBe("");
  await expect.poll(() => sandbox.kubectl("get", "resourceclaims", "--output=name"), polling).toBe("");
  await expect.poll(() => sandbox.run(["ls", "/var/run/cdi"]), polling).toBe("");
});

/** What each start of a pod has written into the volume: its name, its port, its lamp and how many bytes that gives. */
async function users(): Promise<string[][]> {
  const [volume = ""] = (await sandbox.run(["ls", "/var/lib/folders"])).trim().split("\n");
  const text = await sandbox.run(["cat", `/var/lib/folders/${volume}/users`]);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));
}

function starts(): Promise<number> {
  return users().then(
    (all) => all.length,
    () => 0, // the volume isn't there yet
  );
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

/** The pool of lamps that the scheduler knows of, and which are in it. */
function lamps(): Promise<string> {
  const path = "{range .items[*]}{.spec.pool.name}: {.spec.devices[*].name}{end}";
  return sandbox.kubectl("get", "resourceslices", `--output=jsonpath=${path}`);
}

function restarts(): Promise<string> {
  return sandbox.kubectl(
    ...["get", "pods", "--all-namespaces"],
    "--output=jsonpath={.items[*].status.containerStatuses[*].restartCount}",
  );
}
