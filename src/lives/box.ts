// A box of a life: a machine, and one step of the simulator's done to it.
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../lib/errors.ts";
import { waitFor } from "../lib/wait.ts";
import { type Step, WHOLE } from "../proof/simulator/step.ts";
import type { Cluster } from "../vm/cluster.ts";
import type { LifeRelease } from "./releases.ts";
import { rotCopy, rotSlot } from "./rot.ts";
import { askSeen, parseSeen, type Seen } from "./seen.ts";

export interface LifeBox {
  readonly cluster: Cluster;
  /** Where it has its releases from. */
  readonly url: string;
  readonly releases: readonly LifeRelease[];
  /** Bytes of the boot partition where the copies of its state begin. */
  readonly copies: readonly number[];
  /** Releases that there are by now, by their goodness. */
  readonly published: boolean[];
  /** What its clock says at the next power-on. */
  clock: string | undefined;
  /** How much longer than usual its last boot took: others use this host, too. */
  pace: number;
}

/** Slower than anything is, emulated. */
export const stepLimit = { timeoutMs: 600_000 };
export const agent = "kubesolo-os-agent";

export async function look({ cluster, copies }: LifeBox): Promise<Seen> {
  return parseSeen(await cluster.machine.until(askSeen(copies), stepLimit));
}

/** Whether what is in this slot never gets healthy. */
export function isBad({ releases, published }: LifeBox, version: string | undefined): boolean {
  const number = releases.findIndex((release) => release.version === version);
  return published[number] === false;
}

const BOOT_MS = 50_000;

/** About so long each takes, emulated; the power goes at one of eight moments of it. */
const usualMs: Partial<Record<Step["do"], number>> = {
  ...{ boot: BOOT_MS, restart: 60_000, reset: 80_000, watch: 200_000 },
  ...{ apply: 40_000, activate: 12_000, "roll back": 8000, "give up": 60_000 },
};

export async function carryOut(box: LifeBox, step: Step): Promise<void> {
  const work = await begin(box, step);
  if (!("cut" in step) || step.cut === WHOLE) {
    await work();
    return;
  }
  let isCut = false;
  const ended = work().catch((error: unknown) => {
    if (!isCut || !(error instanceof UserError)) throw error; // otherwise only that the machine is gone
  });
  await Promise.race([ended, sleep(((step.cut + 0.5) / 8) * (usualMs[step.do] ?? 0) * box.pace)]);
  isCut = true;
  await box.cluster.machine.crash();
  await ended;
  await powerOn(box);
  await waitForStages(box);
}

/** What is done before the power may go, and what it may go during. */
async function begin(box: LifeBox, step: Step): Promise<() => Promise<unknown>> {
  const { machine } = box.cluster;
  switch (step.do) {
    case "boot":
      await machine.crash();
      await powerOn(box);
      return () => waitForStages(box);
    case "publish":
      box.published.push(step.isGood);
      return async () => {};
    case "set clock":
      box.clock = new Date(step.atMs).toISOString().slice(0, 19);
      return async () => {};
    case "rot slot":
      return () => machine.succeed(rotSlot(step.slot), stepLimit);
    case "rot copy":
      return () => machine.succeed(rotCopy(box.copies[step.copy] ?? 0), stepLimit);
    case "activate":
      // A person looks at a box whose engine runs; the new system is held to what it finds.
      await machine.until("grep -qx running /run/kubesolo-os/engine.state", stepLimit);
      return () => command(box, "activate");
    case "apply":
      return () =>
        command(box, `apply${step.again ? " --again --allow-downgrade" : ""} ${source(box, step.back)}`);
    case "roll back":
      return () => command(box, `rollback${step.again ? " --again" : ""}`);
    case "restart":
      return () => machine.reboot(stepLimit).then(() => waitForStages(box));
    case "reset":
      return () => reset(box);
    case "watch":
      return () => waitUntil(box, isDecided);
    case "give up":
      return () => waitForReturn(box);
  }
}

/** It may be refused. */
async function command({ cluster }: LifeBox, words: string): Promise<void> {
  const { exitCode, stderr } = await cluster.machine.execute(`${agent} ${words}`, stepLimit);
  if (exitCode > 1) throw new UserError(`"${words}" ends with 0 or 1, not ${exitCode}: ${stderr}`);
}

function source({ url, releases, published }: LifeBox, back: number): string {
  const number = Math.max(0, published.length - 1 - back);
  const release = releases[number];
  return `${url}/${published[number] === false ? release?.bad : release?.good}`;
}

export async function powerOn({ cluster: { machine }, clock }: LifeBox): Promise<void> {
  await machine.powerOn({ ...machine.options, ...(clock === undefined ? {} : { clock }) });
}

export async function waitForStages(box: LifeBox): Promise<void> {
  const { machine } = box.cluster;
  const startedMs = performance.now();
  await machine.until(
    "test -e /run/kubesolo-os/engine.state && grep ' /data ext4 rw' /proc/mounts",
    stepLimit,
  );
  box.pace = Math.max(1, (performance.now() - startedMs) / BOOT_MS);
}

async function reset(box: LifeBox): Promise<void> {
  const { machine } = box.cluster;
  machine.console.skipToEnd();
  await machine.execute(`${agent} reset --yes`, stepLimit).catch(() => undefined); // it may be gone before it answers
  await machine.waitForConsole(/reset: done/, stepLimit);
  await waitForStages(box);
}

/** Looks again and again, also while the machine restarts. */
export function waitUntil(box: LifeBox, isSo: (seen: Seen) => boolean): Promise<Seen> {
  let seen: Seen | undefined;
  return waitFor({
    timeoutMs: 2 * stepLimit.timeoutMs,
    everyMs: 3000,
    what: () => `what doesn't come: it stays ${JSON.stringify(seen)}`,
    attempt: async () => {
      seen = await look(box);
      return isSo(seen) ? seen : undefined;
    },
  });
}

/** What runs isn't on trial. */
export function isDecided({ state, running }: Seen): boolean {
  return state !== undefined && !(state.trial !== undefined && state.activeSlot === running);
}

/** What is given up restarts the machine, and the slot that counts runs. */
export async function waitForReturn(box: LifeBox): Promise<Seen> {
  await waitUntil(box, (seen) => isDecided(seen) && seen.state?.activeSlot === seen.running);
  await waitForStages(box);
  return await look(box);
}
