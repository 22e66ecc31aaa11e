// Pure: from what was measured of an update to the figures that have a target. See docs/benchmarks.md.
import { median, round } from "./figures.ts";

export interface Applied {
  readonly seconds: number;
  /** MemAvailable, looked at again and again: before, and while the bundle was applied. */
  readonly idleKib: readonly number[];
  readonly applyingKib: readonly number[];
  /** To the whole disk: by the update, and by the node, which goes on. */
  readonly writtenBytes: number;
  /** The same over as many seconds of an idle node. */
  readonly idleWrittenBytes: number;
}

export interface UpdateMeasured {
  readonly commit: string;
  readonly date: string;
  readonly accelerator: string;
  readonly bundleBytes: number;
  /** Both of the agent's programs, compressed as the root is. */
  readonly agentBytes: number;
  readonly applied: Applied;
  /** From the reboot into the new system. */
  readonly readySeconds: number;
  readonly nginxSeconds: number;
  /** Seconds from the first start of a kernel that panics: of each of its starts, and last that of the old kernel. */
  readonly startSeconds: readonly number[];
}

/** The keys are those that the project's targets are named by. */
export interface UpdateResult {
  readonly downtime_seconds: number;
  readonly rollback_seconds: number;
  readonly apply_peak_mib: number;
  readonly apply_written_ratio: number;
  readonly agent_mib: number;
  readonly bundle_mb: number;
  readonly raw: UpdateMeasured;
}

export function planUpdateResult(measured: UpdateMeasured): UpdateResult {
  const { applied, bundleBytes, agentBytes, nginxSeconds, startSeconds } = measured;
  const written = applied.writtenBytes - applied.idleWrittenBytes;
  return {
    downtime_seconds: round(nginxSeconds, 1),
    rollback_seconds: round(startSeconds.at(-1) ?? 0, 1),
    apply_peak_mib: round((median(applied.idleKib) - Math.min(...applied.applyingKib)) / 1024, 1),
    apply_written_ratio: round(written / bundleBytes, 3),
    agent_mib: round(agentBytes / 2 ** 20, 2),
    bundle_mb: round(bundleBytes / 1e6, 1),
    raw: measured,
  };
}

/** What `sampled` had a machine print: a line for each look at its memory. */
export function parseSamples(text: string): number[] {
  const samples = text
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
  if (samples.length === 0 || samples.some((kib) => !(kib > 0))) throw new Error(`no samples: ${text}`);
  return samples;
}
