// Each point at which init or the agent can be made to fail, with each effect (`kubesolo-os faults`): whatever happens there, the next boot
// or the next command goes on.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgentPoint, faultEffects, type InitPoint, initPoints } from "../../src/release/fault-points.ts";
import { partitionStartMib } from "../../src/release/partitions.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { type ReleaseServer, startReleaseServer } from "../../src/vm/release-server.ts";
import { laterPattern, makeFaultsImage, makeReleases, releases } from "../../src/vm/update-releases.ts";
import { kernelOf } from "./direct-kernel.ts";
import { agent } from "./machine-on-trial.ts";
import { bootImage, bootLimit, imageTools } from "./machine-under-test.ts";

const testLimitMs = 3_600_000;

let image: string;
let web: ReleaseServer;
let machine: Machine;

beforeAll(async () => {
  await makeReleases();
  image = await makeFaultsImage();
  web = await startReleaseServer(releases);
  ({ machine } = await bootImage("faults", { offline: false, readOnlyDisks: [] }, { image }));
  await isUp();
}, testLimitMs);

afterAll(async () => {
  await machine?.crash();
  web?.server.close();
});

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
      await isUp();
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
        await booted.until(
          "test -e /run/kubesolo-os/engine.state && grep ' /data ext4 rw' /proc/mounts",
          bootLimit,
        );
      }
    },
    testLimitMs,
  );
});

describe("the agent", () => {
  const steps: readonly (readonly [string, () => string, readonly AgentPoint[]])[] = [
    [
      "apply",
      () => `${agent} apply --again ${web.url}/second.tar`,
      ["lock", "books", "slot-emptied", "slot-file", "slot-manifest"],
    ],
    ["activate", () => `${agent} activate`, ["data-named", "boot-state", "boot-state-again"]],
    ["rollback", () => `${agent} rollback`, ["boot-state", "boot-state-again", "reboot"]],
  ];

  test.each(steps)(
    "%s",
    async (name, command, points) => {
      await startFromDisk();
      if (name === "rollback") await machine.succeed(`${agent} activate`, bootLimit);
      for (const point of points)
        for (const effect of faultEffects) {
          const ending = point === "reboot" ? `${command()} --reboot` : command();
          await failWhile(`${point}:${effect}`, ending, effect);
          expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(/, slot A: confirmed$/m);
        }
      await machine.succeed(command(), { timeoutMs: 600_000 });
      if (name === "activate")
        expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(new RegExp(laterPattern));
    },
    testLimitMs,
  );

  /**
   * Runs it with a fault on the way. What ends the machine does so in the middle of the command; what hangs is killed, by the command itself,
   * as the machine takes one at a time.
   */
  async function failWhile(
    fault: string,
    command: string,
    effect: (typeof faultEffects)[number],
  ): Promise<void> {
    await machine.succeed(`echo kubesolo.fault=${fault} >>/run/kubesolo-os/cmdline`);
    const run = machine.execute(`timeout -s KILL 150 ${command} 2>/dev/console`, { timeoutMs: 600_000 });
    const ended = run.then(
      ({ exitCode }) => exitCode,
      () => undefined,
    );
    await machine.waitForConsole(new RegExp(`fault: ${fault}`), { timeoutMs: 600_000 });
    if (effect === "panic" || effect === "poweroff") {
      await startFromDisk();
      await ended;
      return;
    }
    expect(await ended).not.toBe(0);
    await machine.succeed("sed -i /kubesolo.fault/d /run/kubesolo-os/cmdline");
  }
});

/** As far as a boot looks whether there is anything. */
async function emptyData(disk: string): Promise<void> {
  const zeros = `write -q -z ${partitionStartMib("KSOLODATA")}M 130M`;
  await imageTools().run(["qemu-io", "-f", "qcow2", "-c", zeros, disk]);
}

/** By the kernel itself, with these words. */
async function startWith(...words: string[]): Promise<void> {
  await restart({ kernel: kernelOf(image, ...words) });
}

async function startFromDisk(): Promise<void> {
  await restart({ kernel: undefined });
  await isUp();
}

async function restart({ kernel }: { kernel: ReturnType<typeof kernelOf> | undefined }): Promise<void> {
  const { kernel: _, ...options } = machine.options;
  await machine.crash();
  await machine.powerOn({ ...options, ...(kernel === undefined ? {} : { kernel }) });
}

/** All stages are done, with the data there. */
async function isUp(): Promise<void> {
  await machine.until(
    "test -e /run/kubesolo-os/engine.state && grep ' /data ext4 rw' /proc/mounts",
    bootLimit,
  );
}
