// On a machine, what test/sandbox/stop.test.ts and durability.test.ts show in a sandbox: an engine that init starts again, and a
// clean reboot.
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { waitForNginx } from "../../src/vm/nginx.ts";
import {
  bootLimit,
  manifestPath,
  measure,
  podLimit,
  restoreDeployed,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await restoreDeployed("restarts");
});

afterAll(async () => {
  await cluster?.machine.crash();
});

test("SIGTERM ends the engine with exit code 0 in time, and the next one takes the pods over", async () => {
  const before = await containers();
  const pid = await enginePid();
  await cluster.machine.succeed(`kill -TERM ${pid}`);
  await cluster.machine.until(`! kill -0 ${pid}`, { timeoutMs: 10_000 });
  await engineIsBack(pid);
  expect(await cluster.machine.succeed("cat /run/kubesolo-os/engine.exit")).toBe("0\n");
  expect(await containers()).toEqual(before);
});

test("SIGKILL during writes loses nothing that was acknowledged", async () => {
  const before = await containers();
  const pid = await enginePid();
  const acknowledged: string[] = [];
  const refused = writeUntilRefused(acknowledged);
  await expect.poll(() => acknowledged.length, { timeout: podLimit.timeoutMs }).toBeGreaterThan(2);
  await cluster.machine.succeed(`kill -KILL ${pid}`);
  await refused;
  await engineIsBack(pid);
  const found = (await kubectl(cluster, "get", "configmaps", "--output=name")).split("\n");
  expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);
  expect(await containers()).toEqual(before);
});

test("a reboot keeps pods, services and volumes", async () => {
  await kubectl(cluster, "apply", "--filename", manifestPath("volume"));
  await waitForPod(cluster, "writer");
  expect(await kubectl(cluster, "logs", "writer")).toBe("line\n");
  await measure("clean reboot to Ready", async () => {
    await cluster.machine.reboot(bootLimit);
    await cluster.machine.waitForConsole(
      /stopping \d+ pods, for up to 60 s.*the pods have stopped after/s,
      bootLimit,
    );
    await becomeReady(cluster, bootLimit);
  });
  await waitForNginx(cluster, podLimit);
  await untilPrints(cluster, ["logs", "writer"], /^(line\n){2}$/);
});

async function enginePid(): Promise<number> {
  return Number(await cluster.machine.succeed("cat /run/kubesolo-os/engine.pid"));
}

/** Waits until another engine than this runs and says that all of it is ready. */
async function engineIsBack(pid: number): Promise<void> {
  const another = `test "$(cat /run/kubesolo-os/engine.pid)" != ${pid} && kubesolo status`;
  await cluster.machine.until(another, bootLimit);
}

/** Ids of all pods' containers, as the API tells them; sorted. */
async function containers(): Promise<string[]> {
  const path = "jsonpath={.items[*].status.containerStatuses[*].containerID}";
  return (await kubectl(cluster, "get", "pods", "--output", path)).split(" ").sort();
}

/** Creates one ConfigMap after the other until that fails; notes the names of those that were acknowledged. */
async function writeUntilRefused(acknowledged: string[]): Promise<void> {
  for (;;) {
    const create = ["create", "configmap", `burst-${acknowledged.length}`, "--output=name"];
    const name = await kubectl(cluster, ...create).catch(() => undefined);
    if (name === undefined) return;
    acknowledged.push(name.trim());
  }
}
