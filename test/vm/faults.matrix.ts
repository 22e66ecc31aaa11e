// Each point at which init can be made to fail, with each effect (`kubesolo-os faults`): whatever happens there, the next boot goes on.
// The agent's: agent-faults.matrix.ts.
import { afterAll, beforeAll, describe, test } from "vitest";
import { faultEffects, type InitPoint, initPoints } from "../../src/release/fault-points.ts";
import { partitionStartMib } from "../../src/release/partitions.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { makeFaultsImage, makeReleases } from "../../src/vm/update-releases.ts";
import { kernelOf } from "./direct-kernel.ts";
import { bootImage, bootLimit, imageTools, waitForStages } from "./machine-under-test.ts";

const testLimitMs = 3_600_000;

let image: string;
let machine: Machine;

beforeAll(async () => {
  await makeReleases();
  image = await makeFaultsImage();
  ({ machine } = await bootImage("faults", { offline: false, readOnlyDisks: [] }, { image }));
  await waitForStages(machine);
}, testLimitMs);

afterAll(() => machine?.crash());

describe("init", () => {
  /** Words without which a boot doesn't come there. */
  const ways: Partial<Record<InitPoint, string>> = {
    "reset-begun": "kubesolo.reset",
    "reset-done": "kubesolo.reset",
  };
  const points = (Object.keys(initPoints) as InitPoint[]).filter((point) => point !== "data-made");
  test.each(points)(
    "%s",
    async (point) => {
      for (const effect of faultEffects) await failAt(`${point}:${effect}`, ways[point]);
      await startWith();
      await waitForStages(machine);
    },
    testLimitMs,
  );

  /** With the power cut as soon as it has happened. */
  async function failAt(fault: string, way?: string): Promise<void> {
    await startWith(`kubesolo.fault=${fault}`, ...(way === undefined ? [] : [way]));
    await machine.waitForConsole(new RegExp(`fault: ${fault}`), bootLimit);
    if (/enospc|eio/.test(fault)) await machine.waitForConsole(/rebooting in 10 s/, bootLimit);
  }
});

describe("a disk with an empty data partition", () => {
  test(
    "data-made",
    async () => {
      for (const effect of faultEffects) {
        const name = `faults-data-made-${effect}`;
        const kernel = kernelOf(image, `kubesolo.fault=data-made:${effect}`);
        const prepare = emptyData;
        const { machine: fresh } = await bootImage(name, { kernel, readOnlyDisks: [] }, { image, prepare });
        await using booted = fresh;
        const { options } = booted;
        await booted.waitForConsole(new RegExp(`fault: data-made:${effect}`), bootLimit);
        await booted.crash();
        await booted.powerOn({ ...options, kernel: kernelOf(image) });
        await waitForStages(booted);
      }
    },
    testLimitMs,
  );
});

/** As far as a boot looks whether there is anything. */
async function emptyData(disk: string): Promise<void> {
  const zeros = `write -q -z ${partitionStartMib("KSOLODATA")}M 130M`;
  await imageTools().run(["qemu-io", "-f", "qcow2", "-c", zeros, disk]);
}

/** By the kernel itself, with these words. */
async function startWith(...words: string[]): Promise<void> {
  await machine.crash();
  await machine.powerOn({ ...machine.options, kernel: kernelOf(image, ...words) });
}
