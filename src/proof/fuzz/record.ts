// What was fuzzed, as a file that other commands read: build/reliability/fuzz.json.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { readTextIfThere, replaceFile } from "../../lib/files.ts";
import type { FuzzCount } from "./fuzz.ts";

interface Row {
  readonly commit: string;
  readonly date: string;
  readonly seed: number;
  readonly inputs: number;
  readonly taken: number;
  readonly slowest_ms: number;
  readonly defects: number;
}

export interface FuzzRecord {
  /** Of all rows. */
  readonly fuzz_inputs: number;
  /** By target and runtime, "release node". */
  readonly targets: Readonly<Record<string, Row>>;
}

/** Of a target's runs the longest counts, unless a shorter one found something. */
export function addToRecord(
  path: string,
  counts: readonly FuzzCount[],
  when: { readonly commit: string; readonly date: string; readonly seed: number },
): FuzzRecord {
  const before = JSON.parse(readTextIfThere(path) ?? '{"targets":{}}') as FuzzRecord;
  const targets = { ...before.targets };
  for (const { target, runtime, inputs, taken, slowestMs, defectCount } of counts) {
    const name = `${target} ${runtime}`;
    const longer = (targets[name]?.inputs ?? 0) > inputs && defectCount === 0;
    if (!longer) targets[name] = { ...when, inputs, taken, slowest_ms: slowestMs, defects: defectCount };
  }
  const fuzz_inputs = Object.values(targets).reduce((sum, row) => sum + row.inputs, 0);
  const record: FuzzRecord = { fuzz_inputs, targets };
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, `${JSON.stringify(record, undefined, 2)}\n`);
  return record;
}
