// What came of lives, a line each, so that a run that was interrupted goes on where it was: build/reliability/lives.jsonl.
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { readTextIfThere } from "../lib/files.ts";
import { buildPath } from "../lib/paths.ts";

const ResultSchema = v.object({
  seed: v.number(),
  cuts: v.boolean(),
  steps: v.array(v.string()),
  /** "whole", or what it broke. */
  outcome: v.string(),
  seconds: v.number(),
  commit: v.string(),
  date: v.string(),
});

export type LifeResult = v.InferOutput<typeof ResultSchema>;

export const WHOLE_LIFE = "whole";

const path = buildPath("reliability/lives.jsonl");

/** Pure; a line that an interruption left half written is none, and of the same steps the last line counts. */
export function parseResults(text: string): LifeResult[] {
  const results = text.split("\n").flatMap((line) => {
    const result = v.safeParse(v.pipe(v.string(), v.parseJson(), ResultSchema), line);
    return result.success ? [result.output] : [];
  });
  return [...new Map(results.map((result) => [result.steps.join(), result])).values()];
}

export function readResults(): LifeResult[] {
  return parseResults(readTextIfThere(path) ?? "");
}

export function addResult(result: LifeResult): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(result)}\n`);
}
