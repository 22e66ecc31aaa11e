// One step of a box's life (the promises of docs/updates.md are held in power-on.ts and commands.ts).
import { withEvent } from "../../agent/update/books.ts";
import { isOnTrial, otherSlot, type Slot } from "../../release/boot-state.ts";
import { event } from "./changes.ts";
import { activate, apply, confirm, giveTryBack, rollBack } from "./commands.ts";
import { change, type Life, nameOf, PowerCut, stateOf, writeBooks } from "./life.ts";
import { boot } from "./power-on.ts";
import { type Step, WHOLE } from "./step.ts";

export function live(life: Life, step: Step): void {
  life.left = "cut" in step ? step.cut : WHOLE;
  try {
    carryOut(life, step);
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    life.left = WHOLE;
    boot(life);
  }
}

function carryOut(life: Life, step: Step): void {
  const { running } = life;
  switch (step.do) {
    case "boot":
      boot(life);
      return;
    case "publish":
      publish(life, step.isGood, step.kubernetes);
      return;
    case "set clock":
      life.nowMs = step.atMs;
      return;
    case "rot slot":
      life.slots[step.slot].isWhole = false;
      return;
    case "rot copy":
      life.copies[step.copy] = { state: undefined, isWritable: false };
      // The other one may know of a try less.
      life.truth.tries = Math.max(0, life.truth.tries - 1);
      return;
    case "reset":
      change(life, () => forget(life));
      boot(life);
      return;
    default:
      // In rescue nothing runs that could do more.
      if (running !== undefined) run(life, running, step);
  }
}

function run(life: Life, running: Slot, step: Step): void {
  work(life, running);
  switch (step.do) {
    case "apply":
      apply(life, running, life.releases.at(-1 - step.back) ?? life.releases[0], step.again);
      return;
    case "activate":
      activate(life, running);
      return;
    case "watch":
      if (!isOnTrial(stateOf(life), running)) return;
      if (life.slots[running].release.isGood) {
        confirm(life, running);
        return;
      }
      change(life, () => writeBooks(life, withEvent(life.books, event(life, "try failed", running))));
      boot(life);
      return;
    case "give up":
      if (!isOnTrial(stateOf(life), running) || life.slots[running].release.isGood) return;
      // Nothing to go back to: init restarts the machine a quarter of an hour later.
      if (!life.slots[otherSlot(running)].isWhole) return;
      rollBack(life, running, "unhealthy", true);
      boot(life);
      return;
    case "roll back":
      rollBack(life, running, "rollback", step.again);
      return;
    case "restart":
      giveTryBack(life, running);
      boot(life);
      return;
    default:
      return;
  }
}

/** The cluster goes on living. What a system that counts leaves is what it must find again. */
function work(life: Life, running: Slot): void {
  life.clusters += 1;
  life.cluster = life.clusters;
  const name = nameOf(life, running);
  if (!life.isTrial || life.truth.counted?.name === name)
    life.truth.counted = { name, cluster: life.cluster };
}

/** What a reset keeps: what failed here, and the state of the boot. */
function forget(life: Life): void {
  life.writer = undefined;
  life.snapshots.clear();
  life.clusters += 1;
  life.cluster = life.clusters;
  life.truth.counted = undefined;
}

function publish(life: Life, isGood: boolean, kubernetes: boolean): void {
  const last = life.releases.at(-1);
  const number = life.releases.length;
  const minor = Number(last?.kubernetes.split(".")[1] ?? 37) + (kubernetes ? 1 : 0);
  life.releases.push({ version: `1.${number}.0`, sequence: number + 1, kubernetes: `v1.${minor}.0`, isGood });
}
