// Many lives, and the shortest way to one that breaks a promise. Pure but for the caller's clock.
import { makeRandomOf } from "../../lib/random.ts";
import { makeLife } from "./life.ts";
import { live } from "./live.ts";
import { makeStep, type Step } from "./step.ts";

export interface Broken {
  readonly sequence: number;
  readonly why: string;
  /** The fewest steps that were found to do it. */
  readonly steps: readonly Step[];
}

/** So many steps has a life. */
export const LIFE_STEPS = 200;

export function makeSequence(seed: number, sequence: number, count = LIFE_STEPS): Step[] {
  const random = makeRandomOf(seed, sequence);
  return Array.from({ length: count }, () => makeStep(random));
}

/** What a life of these steps breaks, and at which step; undefined: nothing. */
export function liveAll(steps: readonly Step[]): { why: string; at: number } | undefined {
  const life = makeLife();
  for (const [at, step] of steps.entries())
    try {
      live(life, step);
    } catch (error) {
      return { why: error instanceof Error ? `${error.message}` : String(error), at };
    }
  return undefined;
}

export function simulate(seed: number, sequence: number): Broken | undefined {
  const steps = makeSequence(seed, sequence);
  const found = liveAll(steps);
  return found && { sequence, why: found.why, steps: shorten(steps.slice(0, found.at + 1), found.why) };
}

/** Leaves out, as long as the same promise is broken, in ever smaller pieces. */
export function shorten(steps: readonly Step[], why: string): readonly Step[] {
  let now = steps;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < now.length; ) {
      const fewer = [...now.slice(0, at), ...now.slice(at + size)];
      if (liveAll(fewer)?.why === why) now = fewer;
      else at += size;
    }
  return now;
}
