// Which cuts are looked at, and how. Pure.
import { type Cut, spread } from "../vm/recording/power-cut.ts";
import { type Mark, type Scenario, scenarioAt } from "./marks.ts";
import { keyOf, type Look, type Result } from "./results.ts";

export interface Wish {
  readonly scenarios: readonly Scenario[];
  /** Each so-many-th boundary. */
  readonly every: number;
  /** Of each scenario: so many are booted until their stages are done, and so many to Ready. */
  readonly stages: number;
  readonly ready: number;
  /** Of each boundary: so many seeds of torn and of reordered sectors behind it. */
  readonly seeds: number;
}

export interface Task extends Pick<Result, "look" | "seed"> {
  readonly cut: Cut;
  readonly scenario: Scenario;
}

/** What there is to do, in the order of the disk's life; not what was done. */
export function planTasks(
  boundaries: readonly Cut[],
  marks: readonly Mark[],
  wish: Wish,
  done: readonly Result[],
): Task[] {
  const isDone = new Set(done.map(keyOf));
  const tasks = wish.scenarios.flatMap((scenario) => {
    const cuts = boundaries.filter((cut) => scenarioAt(marks, cut) === scenario);
    const every = cuts.filter((_, index) => index % wish.every === 0);
    const task = (cut: Cut, look: Look, seed?: number) => ({
      cut,
      scenario,
      look,
      ...(seed === undefined ? {} : { seed }),
    });
    const seeds = Array.from({ length: wish.seeds }, (_, seed) => seed);
    return [
      ...every.map((cut) => task(cut, "offline")),
      ...every.flatMap((cut) => seeds.map((seed) => task(cut, seed % 2 === 0 ? "torn" : "reordered", seed))),
      ...spread(cuts, wish.stages).map((cut) => task(cut, "stages")),
      ...spread(cuts, wish.ready).map((cut) => task(cut, "ready")),
    ];
  });
  return tasks.filter((each) => !isDone.has(keyOf(each))).sort((one, other) => one.cut - other.cut);
}

/** How many boundaries each scenario has. */
export function countBoundaries(
  boundaries: readonly Cut[],
  marks: readonly Mark[],
): Partial<Record<Scenario, number>> {
  const counts: Partial<Record<Scenario, number>> = {};
  for (const cut of boundaries) {
    const scenario = scenarioAt(marks, cut);
    if (scenario !== undefined) counts[scenario] = (counts[scenario] ?? 0) + 1;
  }
  return counts;
}
