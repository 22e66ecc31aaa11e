// Which steps a machine lives: lives of the simulator's steps are told on the model until one is short enough and has what it is chosen
// for. What would do nothing there is left out. Pure.
import { makeRandomOf, type Random } from "../lib/random.ts";
import { type Life, makeLife, stateOf } from "../proof/simulator/life.ts";
import { live } from "../proof/simulator/live.ts";
import { makeStep, type Step, WHOLE } from "../proof/simulator/step.ts";
import { isOnTrial } from "../release/boot-state.ts";

/** What each so-many-th life must have besides a trial: an event of the box's history, or a step. */
export const themes = [
  ...["confirmed", "failed", "roll back", "other slot", "rot copy"],
  ...["restart", "reset", "set clock", "failed", "roll back"],
] as const;

export interface Plan {
  readonly seed: number;
  /** The power goes while commands run: the model can't say where. */
  readonly hasCuts: boolean;
  readonly steps: readonly Step[];
}

/** So many newer releases there are. */
export const RELEASES_MAX = 3;

/** About so long each takes, emulated. Activation waits for the engine. */
const seconds: Readonly<Record<Step["do"], number>> = {
  ...{ publish: 0, "set clock": 0, "rot slot": 3, "rot copy": 3, apply: 40, activate: 60 },
  ...{ boot: 60, restart: 75, watch: 170, "give up": 130, "roll back": 10, reset: 170 },
};
const SECONDS_MAX = 540;
const TELLINGS_MAX = 50_000;

export function choosePlan(seed: number, maxSteps: number): Plan {
  const theme = themes[(seed - 1) % themes.length] ?? "confirmed";
  // So that each theme has both.
  const hasCuts = (seed + Math.floor((seed - 1) / themes.length)) % 2 === 0;
  for (let telling = 0; telling < TELLINGS_MAX; telling += 1) {
    const told = tell(makeRandomOf(seed, telling), hasCuts, maxSteps);
    if (told === undefined || !hasTheme(told, theme)) continue;
    if (hasCuts && !told.steps.some(isCut)) continue;
    return { seed, hasCuts, steps: told.steps };
  }
  throw new Error(`no life of seed ${seed} has at most ${maxSteps} steps and "${theme}"`);
}

export function isCut(step: Step): boolean {
  return "cut" in step && step.cut !== WHOLE;
}

interface Told {
  readonly life: Life;
  readonly steps: Step[];
  /** A system was started on trial. */
  readonly hasTrial: boolean;
}

function hasTheme({ life, steps, hasTrial }: Told, theme: string): boolean {
  const isThere = life.books.history.some(({ what }) => what === theme);
  return hasTrial && (isThere || steps.some((step) => step.do === theme));
}

/** None where it isn't settled in time, or the box ends in rescue. */
function tell(random: Random, hasCuts: boolean, maxSteps: number): Told | undefined {
  let life = makeLife();
  const steps: Step[] = [];
  let hasTrial = false;
  const take = (step: Step): void => {
    live(life, step);
    hasTrial ||= life.isTrial;
    steps.push(step);
    // The machine does so at once, by itself.
    if (isBadOnTrial(life) && step.do !== "give up") take({ do: "give up", cut: WHOLE });
  };
  for (let count = 0; count < 100 && steps.length < maxSteps; count += 1) {
    const made = makeStep(random);
    const step = withoutKubernetes(hasCuts || !("cut" in made) ? made : { ...made, cut: WHOLE });
    if (!fits(step, life, steps) || (hasCuts && step.do === "rot slot" && steps.some(mayLeaveParts)))
      continue;
    const before = structuredClone(life);
    const had = steps.length;
    take(step);
    const isRunningRotten = hasCuts && step.do === "rot slot" && step.slot === before.running;
    if (step.do === "set clock" || isRunningRotten) take({ do: "boot", cut: WHOLE });
    if (doesNothing(before, life, step) && !isRefused(before, step)) {
      steps.length = had;
      life = before;
    }
    if (life.running === undefined || isBadOnTrial(life)) return undefined;
    if (isWorthIt(life) && random.number(3) === 0) break;
  }
  while (!isSettled(life)) {
    if (steps.length >= maxSteps) return undefined;
    const { running } = life;
    if (running === undefined || isBadOnTrial(life)) return undefined;
    take({ do: isOnTrial(stateOf(life), running) ? "watch" : "boot", cut: WHOLE });
  }
  const total = steps.reduce((sum, step) => sum + seconds[step.do], 0);
  return steps.length <= maxSteps && total <= SECONDS_MAX ? { life, steps, hasTrial } : undefined;
}

/** On a machine a command that is cut off may leave the other slot in parts, whatever it does on the model: no slot may rot then. */
function mayLeaveParts(step: Step): boolean {
  return isCut(step) || step.do === "rot slot";
}

function withoutKubernetes(step: Step): Step {
  return step.do === "publish" ? { ...step, kubernetes: false } : step;
}

/** What no machine would be asked for, or what takes it too long. */
function fits(step: Step, life: Life, steps: readonly Step[]): boolean {
  const isTrial = life.running !== undefined && isOnTrial(stateOf(life), life.running);
  switch (step.do) {
    case "publish":
      return life.releases.length <= RELEASES_MAX;
    case "give up":
      return false;
    case "watch":
      return isTrial;
    case "set clock":
    case "reset":
      return !isTrial && !steps.some((other) => other.do === step.do);
    case "rot copy":
      return !steps.some((other) => other.do === step.do);
    case "rot slot":
      return !isTrial || life.running !== step.slot;
    default:
      return true;
  }
}

function isWorthIt(life: Life): boolean {
  return life.books.history.some(({ what }) => what === "confirmed" || what === "failed");
}

/** A machine in the slot that counts, with nothing on trial. */
function isSettled(life: Life): boolean {
  const state = stateOf(life);
  return state !== undefined && state.trial === undefined && state.activeSlot === life.running;
}

function isBadOnTrial(life: Life): boolean {
  const { running } = life;
  return running !== undefined && isOnTrial(stateOf(life), running) && !life.slots[running].release.isGood;
}

/** What failed here is asked for again: a promise that costs a moment. */
function isRefused(before: Life, step: Step): boolean {
  if (step.do !== "apply" || step.again) return false;
  const release = before.releases.at(-1 - step.back) ?? before.releases[0];
  return release !== undefined && before.books.quarantine.includes(release.version);
}

function doesNothing(before: Life, after: Life, step: Step): boolean {
  const of = ({ copies, slots, running, isTrial, books, nowMs, releases, writer }: Life) =>
    JSON.stringify({ copies, slots, running, isTrial, books, nowMs, releases, writer });
  return step.do !== "reset" && of(before) === of(after);
}
