// A root that is not what was released: it is told, the machine starts anew, and nothing of it is executed. What the initramfs refuses:
// test/init/slot.test.ts, root-refused.matrix.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Machine } from "../../src/vm/machine.ts";
import { findInImage, findRootSector, flipBit } from "./damage.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";

const corrupted = /device-mapper: verity: \S+ data block \d+ is corrupted/;

let machine: Machine;
const engine = "/usr/bin/kubesolo";
/** One that nothing starts before there is a pod. */
const runc = "/usr/lib/kubesolo-os/bin/runc";
/** In the disk's image, a byte of each program's first ones. */
const beginnings = new Map<string, number>();

beforeAll(async () => {
  // What runs can't be dropped from memory, to be read again.
  const kernel = directKernel("kubesolo.flags=--no-such-flag");
  ({ machine } = await bootImage("root-integrity", { kernel, readOnlyDisks: [] }));
  await machine.until("grep -x waiting /run/kubesolo-os/engine.state", bootLimit);
  for (const program of [engine, runc]) {
    beginnings.set(program, findInImage(await findRootSector(machine, program)));
  }
});

afterAll(async () => {
  await machine?.crash();
});

test("a program with a flipped bit is not run: the machine starts anew", async () => {
  await startDamaged(runc);
  await machine.succeed("true", bootLimit);
  const printed = machine.execute(`${runc} --version`).then(
    ({ stdout }) => stdout,
    () => "no answer",
  );
  await machine.waitForConsole(corrupted, bootLimit);
  await machine.waitForConsole(/is corrupted.*init: 00-early-mount/s, bootLimit);
  expect(await printed).toBe("no answer");
});

test("an engine with a flipped bit is never run, and each boot says why", async () => {
  await startDamaged(engine);
  await machine.waitForConsole(/is corrupted.*init: 90-kubesolo.*is corrupted/s, bootLimit);
  expect(machine.console.read()).not.toMatch(/^kubesolo: /m);
});

async function startDamaged(program: string): Promise<void> {
  const options = machine.options;
  await machine.crash();
  await flipBit(options.disk, beginnings.get(program) ?? 0);
  await machine.powerOn({ ...options, kernel: directKernel() });
}
