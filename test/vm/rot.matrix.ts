// A confirmed slot whose root has rotted: the other one comes up, and says so.
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomeReady, type Cluster } from "../../src/vm/cluster.ts";
import { findInImage, findRootSector, flipBit } from "./damage.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

let cluster: Cluster;

beforeAll(async () => {
  // What runs can't be dropped from memory, to be read again.
  const kernel = directKernel("kubesolo.flags=--no-such-flag");
  cluster = await bootImage("rot", { kernel, readOnlyDisks: [] });
  await cluster.machine.until("grep -x waiting /run/kubesolo-os/engine.state", bootLimit);
}, 600_000);

afterAll(async () => {
  await cluster?.machine.crash();
});

test("a slot whose engine has a flipped bit gives way to the other one after three boots", async () => {
  const { machine } = cluster;
  const at = findInImage(await findRootSector(machine, "/usr/bin/kubesolo"));
  const { kernel: _, ...options } = machine.options;
  await machine.succeed("sync; rm /var/log/kubesolo.log; sync");
  await machine.crash();
  await flipBit(options.disk, at);
  await measure("a root that has rotted, to the other slot", async () => {
    await machine.powerOn(options);
    await machine.waitForConsole(
      /the last 3 boots never got ready: reading the whole root.*the root of slot A is damaged: slot B is started/s,
      { timeoutMs: 900_000 },
    );
    await machine.waitForConsole(/slot A is damaged\r?\n.*starting slot B/s, bootLimit);
  });
  expect(machine.console.read().match(/starting slot A/g)).toHaveLength(4);
  await becomeReady(cluster, bootLimit);
  await machine.until("kubesolo-os-agent history | grep 'other slot.*slot B: slot-damaged'", bootLimit);
  expect(await machine.succeed("kubesolo-os-agent status", bootLimit)).toContain("slot B: confirmed");
}, 1_800_000);
