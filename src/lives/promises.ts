// What of the promises of docs/reliability.md a machine shows from outside, whatever moment the power went. Pure.
import type { Step } from "../proof/simulator/step.ts";
import type { Seen } from "./seen.ts";

/** What is broken between two looks, with a step and at most a power cut between them. `hasRotted`: the slot that ran, or a copy of the state. */
export function brokenPromises(before: Seen, step: Step, after: Seen, hasRotted: boolean): string[] {
  const broken: string[] = [];
  const { state: was } = before;
  const { state } = after;
  if (after.running === undefined) broken.push("a slot starts if one verifies");
  if (state === undefined) broken.push("a copy of the state of the boot counts once a boot is settled");
  if (was !== undefined && state !== undefined && state.floor < was.floor && step.do !== "rot copy")
    broken.push(`the floor never falls: ${state.floor} after ${was.floor}`);
  const isLeft = after.running !== before.running;
  const wasConfirmed = was !== undefined && was.trial === undefined && was.activeSlot === before.running;
  if (isLeft && wasConfirmed && !hasRotted && !leaving.includes(step.do))
    broken.push(`a confirmed slot is left on evidence alone: ${before.running} for ${after.running}`);
  for (const version of before.quarantine)
    if (
      step.do === "apply" &&
      !step.again &&
      after.note !== before.note &&
      after.note?.startsWith(`${version} `)
    )
      broken.push(`what failed isn't taken again by itself: ${version}`);
  return broken;
}

/** Steps after which another slot may be the one that counts. */
const leaving: readonly Step["do"][] = ["activate", "roll back"];

/** What a life has to come to. */
export function unsettled({ running, state, note }: Seen): string[] {
  const isConfirmed = state !== undefined && state.trial === undefined && state.activeSlot === running;
  return [
    ...(isConfirmed
      ? []
      : [`at its end a confirmed slot runs: it is ${running}, with ${JSON.stringify(state)}`]),
    ...(note?.endsWith(" activated") ? [`what became of an update is settled: ${note}`] : []),
  ];
}
