// `kubesolo-os fuzz`: many inputs for each target, in batches of a process each, so that one that never ends is seen. What came of a
// batch is kept: who calls it again with the same seed goes on.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile, sha256 } from "../../lib/files.ts";
import { log } from "../../lib/log.ts";
import { runAnyExit } from "../../lib/run.ts";
import type { BatchResult, Defect } from "./batch.ts";
import type { FuzzPrograms, Runtime } from "./programs.ts";
import type { FuzzTargetName } from "./targets/targets.ts";

export interface FuzzJob {
  readonly target: FuzzTargetName;
  readonly runtime: Runtime;
  readonly seed: number;
  /** The first input's number. */
  readonly from: number;
  readonly inputs: number;
}

export interface FuzzCount {
  readonly target: FuzzTargetName;
  readonly runtime: Runtime;
  readonly inputs: number;
  /** Not refused. */
  readonly taken: number;
  readonly slowestMs: number;
  readonly defectCount: number;
  readonly defects: readonly Defect[];
  /** By the numbers of a batch's inputs, "0+20000". */
  readonly digests: Readonly<Record<string, string>>;
}

/** Inputs of one process. */
const BATCH = 20_000;
/** Of a batch: even a slow one needs a tenth of it. */
const BATCH_LIMIT_MS = 1_800_000;

/** `folder`: host path, where results are kept. */
export async function fuzz(job: FuzzJob, programs: FuzzPrograms, folder: string): Promise<FuzzCount> {
  const counts: BatchResult[] = [];
  const digests: Record<string, string> = {};
  for (let from = job.from; from < job.from + job.inputs; from += BATCH) {
    const count = Math.min(BATCH, job.from + job.inputs - from);
    const result = await keptOr(job, from, count, programs, folder);
    counts.push(result);
    digests[`${from}+${count}`] = result.digest;
    const done = from + count - job.from;
    log(
      `${job.target}, ${job.runtime}: ${done} of ${job.inputs}${result.defectCount > 0 ? `, ${result.defectCount} defects` : ""}`,
    );
  }
  const sum = (of: (result: BatchResult) => number) => counts.reduce((total, each) => total + of(each), 0);
  return {
    ...{ target: job.target, runtime: job.runtime, digests },
    inputs: sum(({ inputs }) => inputs),
    taken: sum(({ taken }) => taken),
    slowestMs: Math.max(...counts.map(({ slowestMs }) => slowestMs)),
    defectCount: sum(({ defectCount }) => defectCount),
    defects: counts.flatMap(({ defects }) => defects).slice(0, 10),
  };
}

/** Other sources make other programs, whose results aren't these. */
async function keptOr(
  { target, runtime, seed }: FuzzJob,
  from: number,
  count: number,
  { corpus, run }: FuzzPrograms,
  folder: string,
): Promise<BatchResult> {
  const program = run[runtime];
  const made = sha256(readFileSync(program.at(-1) ?? "")).slice(0, 16);
  const kept = join(folder, "batches", `${target}-${runtime}-${seed}-${from}-${count}-${made}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as BatchResult;
  const words = [corpus, target, String(seed), String(from), String(count)];
  const signal = AbortSignal.timeout(BATCH_LIMIT_MS);
  const { exitCode, stdout, stderr } = await runAnyExit([...program, ...words], { signal });
  if (exitCode !== 0)
    return ended({ target, from, count, why: `exit code ${exitCode}: ${stderr.slice(-4000)}` });
  mkdirSync(join(folder, "batches"), { recursive: true });
  replaceFile(kept, stdout);
  return JSON.parse(stdout) as BatchResult;
}

/** The process itself has ended, or never would have: all of the batch counts for nothing. */
function ended({ from, why }: { target: string; from: number; count: number; why: string }): BatchResult {
  const defect = { index: from, file: "some of the batch's", content: "", why };
  return { inputs: 0, digest: "", taken: 0, slowestMs: 0, defects: [defect], defectCount: 1 };
}

/** Batches that came to something else in the other runtime: the numbers of their inputs. */
export function differences(one: FuzzCount, other: FuzzCount): string[] {
  return Object.keys(one.digests).filter(
    (batch) => other.digests[batch] !== undefined && other.digests[batch] !== one.digests[batch],
  );
}
