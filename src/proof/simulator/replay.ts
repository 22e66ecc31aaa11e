// A life of the model lived by the agent itself, on a box in memory: the same steps as commands. The power may go before any of the agent's
// own changes, which are more than the model's.
import { runAgent } from "../../agent/main.ts";
import { readBooks } from "../../agent/update/books.ts";
import { isOnTrial, type Slot } from "../../release/boot-state.ts";
import { runPath } from "../../release/run-files.ts";
import {
  type Box,
  fileOf,
  hostOf,
  makeBox,
  put,
  slotFolders,
  stateOf,
  switchOn,
  verifies,
} from "../box/box.ts";
import { broken } from "../broken.ts";
import { makeSampleRelease, type SampleRelease } from "../fuzz/sample-release.ts";
import { keysOf, makeFixedSigner } from "../fuzz/signer.ts";
import { nodeByteMath } from "../node-math.ts";
import { PowerCut } from "./life.ts";
import { type Step, WHOLE } from "./step.ts";

const signer = makeFixedSigner(2);
const DATABASE = "/data/kubesolo/kine/db/state.db";

export interface Replay {
  readonly box: Box;
  readonly releases: { readonly release: SampleRelease; readonly isGood: boolean }[];
  running: Slot | undefined;
  isTrial: boolean;
  clusters: number;
}

export function makeReplay(): Replay {
  const release = sampleOf(0, 37);
  const box = makeBox(nodeByteMath, release.slot, keysOf(signer));
  put(box, "/1.0.0.tar", release.bundle);
  put(box, DATABASE, "0");
  return { box, releases: [{ release, isGood: true }], running: "A", isTrial: false, clusters: 0 };
}

function sampleOf(number: number, minor: number): SampleRelease {
  return makeSampleRelease(`1.${number}.0`, signer, { kubernetes: `v1.${minor}.0` });
}

/** One step; `factor`: the agent's changes for one of the model's. */
export function replay(life: Replay, step: Step, factor = 4): void {
  const cut = "cut" in step && step.cut !== WHOLE ? step.cut * factor : Number.POSITIVE_INFINITY;
  const power = { left: cut };
  try {
    carryOut(life, step, power);
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    boot(life, { left: Number.POSITIVE_INFINITY });
  }
}

type Power = { left: number };

function agent({ box }: Replay, args: readonly string[], power: Power): number {
  const host = hostOf(box, (call) => {
    if (power.left <= 0) throw new PowerCut(call);
    power.left -= 1;
  });
  const code = runAgent(host, args, "1.0.0");
  if (code !== 0 && code !== 1) broken(`${args.join(" ")} ends with 0 or 1, not ${code}`);
  return code;
}

function carryOut(life: Replay, step: Step, power: Power): void {
  const { box, running } = life;
  if (step.do === "boot") boot(life, power);
  if (step.do === "publish") publish(life, step.isGood, step.kubernetes);
  if (step.do === "set clock") box.nowMs = step.atMs;
  if (step.do === "rot slot") put(box, `${slotFolders[step.slot]}/vmlinuz`, "rotten");
  if (running !== undefined) command(life, running, step, power);
}

const COMMANDS: readonly Step["do"][] = ["apply", "activate", "watch", "give up", "roll back", "restart"];

function command(life: Replay, running: Slot, step: Step, power: Power): void {
  const { box, releases } = life;
  if (!COMMANDS.includes(step.do)) return;
  work(life);
  switch (step.do) {
    case "apply": {
      const release = releases.at(-1 - step.back) ?? releases[0];
      const insist = step.again ? ["--again", "--allow-downgrade"] : [];
      agent(life, ["apply", ...insist, `/${release?.release.manifest.version}.tar`], power);
      return;
    }
    case "activate":
      agent(life, ["activate"], power);
      return;
    case "watch":
      watch(life, running, power);
      return;
    case "give up":
      if (isGood(life, running) || !isOnTrial(stateOf(box), running)) return;
      put(box, runPath("engine.state"), "waiting\n");
      put(box, runPath("engine.exit"), "78\n");
      watch(life, running, power);
      return;
    case "roll back":
      agent(life, ["rollback", ...(step.again ? ["--again"] : [])], power);
      return;
    case "restart":
      if (life.isTrial) agent(life, ["trial", "leave"], power);
      boot(life, power);
  }
}

function watch(life: Replay, running: Slot, power: Power): void {
  const { box } = life;
  if (!isOnTrial(stateOf(box), running)) return;
  box.isHealthy = isGood(life, running);
  agent(life, ["trial", "watch"], power);
  box.isHealthy = true;
  if (stateOf(box)?.trial === undefined && stateOf(box)?.activeSlot === running) life.isTrial = false;
  if (box.isRebooting) boot(life, power);
}

function isGood({ box, releases }: Replay, slot: Slot): boolean {
  const version = versionIn(box, slot);
  return releases.find(({ release }) => release.manifest.version === version)?.isGood ?? true;
}

export function versionIn(box: Box, slot: Slot): string {
  const content = fileOf(box, `${slotFolders[slot]}/release.json`);
  return content === undefined
    ? ""
    : (JSON.parse(box.math.decodeUtf8(content)) as { version: string }).version;
}

function work(life: Replay): void {
  life.clusters += 1;
  put(life.box, DATABASE, `${life.clusters}`);
}

function boot(life: Replay, power: Power): void {
  const { box } = life;
  const { slot, before, write, reason, verifies: whole } = switchOn(box);
  life.running = slot;
  if ((slot !== undefined) !== (whole.A || whole.B)) broken("a slot starts if one verifies");
  if (slot === undefined) return;
  if (!verifies(box, slot)) broken("no slot starts that doesn't verify");
  const isCounted = before !== undefined && before.trial === undefined && whole[before.activeSlot];
  if (isCounted && (slot !== before.activeSlot || write !== undefined || reason !== undefined))
    broken("a confirmed slot is left on evidence alone");
  life.isTrial = before?.trial !== undefined && before.trial > 0 && before.activeSlot === slot;
  agent(life, ["trial", "prepare"], power);
  // One on trial is watched in a step of its own.
  if (!isOnTrial(stateOf(box), slot)) agent(life, ["trial", "watch"], power);
  const { note } = readBooks(hostOf(box));
  if (note?.step === "activated" && !isOnTrial(stateOf(box), slot)) {
    const state = stateOf(box);
    if (state?.trial === undefined) broken("what became of an update is settled");
  }
}

function publish(life: Replay, isGood_: boolean, kubernetes: boolean): void {
  const { releases, box } = life;
  const minor =
    Number(releases.at(-1)?.release.manifest.kubernetes.split(".")[1] ?? 37) + (kubernetes ? 1 : 0);
  const release = sampleOf(releases.length, minor);
  put(box, `/${release.manifest.version}.tar`, release.bundle);
  releases.push({ release, isGood: isGood_ });
}
