// What was found, a line each, so that a run that was interrupted goes on where it was. build/power-cut/LIFE.results.jsonl.
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { readTextIfThere } from "../lib/files.ts";
import { scenarioNames } from "./marks.ts";

/** How a cut was looked at: without booting, as it is or with sectors of what was in flight; booted until all stages were done, or to Ready. */
export const looks = ["offline", "torn", "reordered", "stages", "ready"] as const;

export type Look = (typeof looks)[number];

const ResultSchema = v.object({
  /** The recording's date: results of another one don't count. */
  recorded: v.string(),
  cut: v.number(),
  scenario: v.picklist(scenarioNames),
  look: v.picklist(looks),
  /** Of `torn` and `reordered`. */
  seed: v.optional(v.number()),
  /** How many the database had to have, as the cluster had said that it has them. */
  objects: v.optional(v.number(), 0),
  problems: v.array(v.string()),
});

export type Result = v.InferOutput<typeof ResultSchema>;

/** Pure: the results of one recording; a line that an interruption left half written is none. */
export function parseResults(text: string, recorded: string): Result[] {
  return text.split("\n").flatMap((line) => {
    const result = v.safeParse(v.pipe(v.string(), v.parseJson(), ResultSchema), line);
    return result.success && result.output.recorded === recorded ? [result.output] : [];
  });
}

export function readResults(path: string, recorded: string): Result[] {
  return parseResults(readTextIfThere(path) ?? "", recorded);
}

export function addResult(path: string, result: Result): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(result)}\n`);
}

export function keyOf({ cut, look, seed }: Pick<Result, "cut" | "look" | "seed">): string {
  return `${cut} ${look} ${seed ?? ""}`;
}
