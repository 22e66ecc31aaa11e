// Many inputs for one target, in Node and in the agent's runtime alike.
import type { Bytes } from "../../agent/host.ts";
import { makeRandomOf } from "../../lib/random.ts";
import type { ByteMath } from "../box/memory-host.ts";
import { type FuzzTarget, makeInput, type Samples } from "./fuzz-target.ts";

export interface Batch {
  readonly seed: number;
  /** The first of them; each has its own random numbers. */
  readonly from: number;
  readonly count: number;
}

export interface Defect {
  readonly index: number;
  readonly file: string;
  readonly content: string;
  /** What it threw, or how long it took. */
  readonly why: string;
}

export interface BatchResult {
  readonly inputs: number;
  /** Of all outcomes: it is the same in each runtime. */
  readonly digest: string;
  /** How many had an outcome other than a refusal. */
  readonly taken: number;
  readonly slowestMs: number;
  /** The first ten. */
  readonly defects: readonly Defect[];
  readonly defectCount: number;
}

/** No input may take longer. */
export const INPUT_LIMIT_MS = 1000;
const DEFECTS_MAX = 10;

export interface BatchTools {
  readonly math: ByteMath;
  /** Milliseconds since whenever. */
  readonly clockMs: () => number;
}

export function runBatch(
  target: FuzzTarget,
  samples: Samples,
  { seed, from, count }: Batch,
  { math, clockMs }: BatchTools,
): BatchResult {
  const read = target.open(samples, math);
  // What a sample is opened with isn't spoiled.
  const { box: _, ...spoiled } = samples;
  const defects: Defect[] = [];
  let [defectCount, digest, taken, slowestMs] = [0, 0x811c9dc5, 0, 0];
  for (let index = from; index < from + count; index++) {
    const input = makeInput(target, spoiled, makeRandomOf(seed, index), math);
    const note = (why: string) => {
      defectCount += 1;
      if (defects.length < DEFECTS_MAX)
        defects.push({ index, file: input.file, content: describeBytes(input.content, math), why });
    };
    try {
      const { outcome, tookMs } = timed(() => read(input), clockMs);
      slowestMs = Math.max(slowestMs, tookMs);
      if (tookMs > INPUT_LIMIT_MS) note(`it takes ${Math.round(tookMs)} ms`);
      if (!outcome.startsWith("refused") && !outcome.startsWith("1 nothing")) taken += 1;
      digest = addToDigest(digest, outcome);
    } catch (error) {
      note(error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error));
    }
  }
  const hex = (digest >>> 0).toString(16).padStart(8, "0");
  return { inputs: count, digest: hex, taken, slowestMs: Math.round(slowestMs), defects, defectCount };
}

/** A machine that is busy elsewhere isn't the input's fault: the quickest of three counts. */
function timed(work: () => string, clockMs: () => number): { outcome: string; tookMs: number } {
  let outcome = "";
  let tookMs = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && tookMs > INPUT_LIMIT_MS; tries++) {
    const startedMs = clockMs();
    outcome = work();
    tookMs = Math.min(tookMs, clockMs() - startedMs);
  }
  return { outcome, tookMs };
}

/** FNV-1a. */
function addToDigest(digest: number, text: string): number {
  let now = digest;
  for (let index = 0; index < text.length; index++) now = Math.imul(now ^ text.charCodeAt(index), 0x01000193);
  return Math.imul(now ^ 10, 0x01000193);
}

const SHOWN_BYTES = 20_000;

function describeBytes(content: Bytes, math: ByteMath): string {
  return math.encodeBase64(content.subarray(0, SHOWN_BYTES));
}
