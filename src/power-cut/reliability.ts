// The figures of docs/reliability.md, from what the runs left in build; what wasn't run is missing, and said to be.
import * as v from "valibot";
import { readTextIfThere } from "../lib/files.ts";
import { buildPath } from "../lib/paths.ts";
import { readLife } from "./life.ts";
import type { LifeName } from "./lives.ts";
import { type Result, readResults } from "./results.ts";
import { lifeNames, resultsPath } from "./run.ts";
import { type Row, summarize } from "./summary.ts";

/** 0: it wasn't run. */
export interface Reliability {
  /** Flushes behind which the power was cut, and those of them where nothing was wrong in any look. */
  readonly boundaries: number;
  readonly survived: number;
  /** Cuts in the middle of what lies between two flushes that were survived. */
  readonly torn_variants: number;
  readonly sequences: number;
  readonly fuzz_inputs: number;
}

export function readReliability(): { rows: Row[]; figures: Reliability; missing: string[] } {
  const results = lifeNames.map((name) => ({ name, own: resultsOf(name) }));
  const sequences = readCount("sequences");
  const fuzzInputs = readCount("fuzz_inputs", "fuzz");
  const missing = [
    ...results.flatMap(({ name, own }) =>
      own.length === 0 ? [`the power cuts of the life "${name}": make test-power-cut`] : [],
    ),
    ...(sequences === undefined ? ["the simulator's sequences: build/reliability/sequences.json"] : []),
    ...(fuzzInputs === undefined ? ["the fuzzers' inputs: build/reliability/fuzz.json"] : []),
  ];
  const figures = {
    ...countCuts(results.map(({ own }) => own)),
    sequences: sequences ?? 0,
    fuzz_inputs: fuzzInputs ?? 0,
  };
  return { rows: summarize(results.flatMap(({ own }) => own)), figures, missing };
}

/** Pure; the results of each life by themselves, for a cut's number is one of a life. */
export function countCuts(
  lives: readonly (readonly Result[])[],
): Pick<Reliability, "boundaries" | "survived" | "torn_variants"> {
  const total = { boundaries: 0, survived: 0, torn_variants: 0 };
  for (const results of lives) {
    const isTorn = ({ look }: Result) => look === "torn" || look === "reordered";
    const whole = results.filter((result) => !isTorn(result));
    const cuts = new Set(whole.map(({ cut }) => cut));
    const bad = new Set(whole.flatMap(({ cut, problems }) => (problems.length > 0 ? [cut] : [])));
    total.boundaries += cuts.size;
    total.survived += cuts.size - bad.size;
    total.torn_variants += results.filter((each) => isTorn(each) && each.problems.length === 0).length;
  }
  return total;
}

function resultsOf(name: LifeName): Result[] {
  const life = readLife(name);
  return life === undefined ? [] : readResults(resultsPath(name), life.date);
}

function readCount(key: string, file = key): number | undefined {
  const text = readTextIfThere(buildPath("reliability", `${file}.json`));
  const Count = v.pipe(v.string(), v.parseJson(), v.looseObject({ [key]: v.number() }));
  return text === undefined ? undefined : Number(v.parse(Count, text)[key]);
}
