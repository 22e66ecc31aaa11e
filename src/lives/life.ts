// One life on a machine: without power cuts in its commands beside the model, with them held to what is promised of any moment.
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { makeLife } from "../proof/simulator/life.ts";
import { live } from "../proof/simulator/live.ts";
import { describeStep, type Step } from "../proof/simulator/step.ts";
import { isOnTrial } from "../release/boot-state.ts";
import { becomeReady } from "../vm/cluster.ts";
import {
  agent,
  carryOut,
  isBad,
  isDecided,
  type LifeBox,
  look,
  powerOn,
  stepLimit,
  waitForReturn,
  waitForStages,
  waitUntil,
} from "./box.ts";
import type { Plan } from "./choose.ts";
import type { ClusterNames } from "./cluster-names.ts";
import { addObject, objectDifferences } from "./objects.ts";
import { brokenPromises, unsettled } from "./promises.ts";
import { nameOnMachines } from "./releases.ts";
import { differences, type Seen, seenOnModel } from "./seen.ts";

/** What it broke first; undefined: nothing. */
export async function liveOnMachine(box: LifeBox, { steps, hasCuts }: Plan): Promise<string | undefined> {
  try {
    const problems = await (hasCuts ? liveWithCuts(box, steps) : liveBesideModel(box, steps));
    return problems.length === 0 ? undefined : problems.join("; ");
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function liveBesideModel(box: LifeBox, steps: readonly Step[]): Promise<string[]> {
  const life = makeLife();
  let names: ClusterNames = new Map();
  for (const [index, step] of steps.entries()) {
    tell(steps, index);
    names = await addObject(box, names, life, step);
    live(life, step);
    await carryOut(box, step);
    // One that is given up goes on at once.
    if (steps[index + 1]?.do === "give up") continue;
    const different = await whileDifferent(box, seenOnModel(life, nameOnMachines));
    if (different.length > 0) return different.map((each) => `after ${described(steps, index)}: ${each}`);
  }
  return await objectDifferences(box, names, life);
}

/** Until the machine is as the model says: a boot settles what was before it when its agent comes to that. */
async function whileDifferent(box: LifeBox, model: Seen): Promise<string[]> {
  const deadline = Date.now() + stepLimit.timeoutMs;
  for (;;) {
    const different = differences(await look(box), model);
    if (different.length === 0 || Date.now() > deadline) return different;
    await sleep(3000);
  }
}

async function liveWithCuts(box: LifeBox, steps: readonly Step[]): Promise<string[]> {
  let before = await look(box);
  let hasCopyRotted = false;
  const rotten = new Set<string>();
  for (const [index, step] of steps.entries()) {
    tell(steps, index);
    await carryOut(box, step);
    if (step.do === "rot slot") rotten.add(step.slot);
    hasCopyRotted ||= step.do === "rot copy";
    const after = await settleBad(box, await waitUntil(box, hasState));
    const hasRotted = hasCopyRotted || rotten.has(before.running ?? "");
    const broken = brokenPromises(before, step, after, hasRotted);
    if (broken.length > 0) return broken.map((each) => `after ${described(steps, index)}: ${each}`);
    before = after;
  }
  return await end(box, before);
}

/** Where both copies of it are gone, the agent of the slot that was started writes them anew. */
function hasState({ state }: Seen): boolean {
  return state !== undefined;
}

/** One with a fault ends its trial by itself, whatever else is asked for. */
async function settleBad(box: LifeBox, seen: Seen): Promise<Seen> {
  const isTried = seen.running !== undefined && isOnTrial(seen.state, seen.running);
  const version = seen.history
    .filter((event) => event.startsWith("activated "))
    .at(-1)
    ?.split(" ")[1];
  return isTried && isBad(box, version) ? await waitForReturn(box) : seen;
}

/** Whatever was: in the end the slot that counts runs, and the node gets Ready. */
async function end(box: LifeBox, seen: Seen): Promise<string[]> {
  let last = seen;
  for (let boots = 0; boots < 3 && unsettled(last).length > 0; boots += 1) {
    if (last.state?.activeSlot !== last.running) {
      await box.cluster.machine.crash();
      await powerOn(box);
      await waitForStages(box);
    }
    last = await waitUntil(box, isDecided);
  }
  await becomeReady(box.cluster, stepLimit);
  last = await look(box);
  const status = await box.cluster.machine.succeed(`${agent} status`, stepLimit);
  const isConfirmed = /, slot [AB]: confirmed/.test(status);
  return [...unsettled(last), ...(isConfirmed ? [] : [`its status says ${status}`])];
}

function tell(steps: readonly Step[], index: number): void {
  log(`    ${described(steps, index)}`);
}

function described(steps: readonly Step[], index: number): string {
  const step = steps[index];
  return `step ${index + 1}, ${step && describeStep(step)}`;
}
