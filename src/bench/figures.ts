// Pure: from what was measured to the figures that have a target. See docs/benchmarks.md.
import type { Counters, ProcessUsage } from "./counters.ts";

/** From the start of the first process to the node's Ready. */
export interface Start {
  readonly cpuSeconds: number;
  readonly machineCpuSeconds: number;
  readonly wallSeconds: number;
  readonly processes: readonly ProcessUsage[];
}

export interface Idle {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly writtenMiB: number;
  readonly writtenMiBPerDay: number;
  readonly usedMiB: number;
  readonly processes: readonly ProcessUsage[];
}

/** The machine with 512 MiB, with one pod of nginx. */
export interface Memory {
  readonly usedMiB: number;
  readonly totalMiB: number;
  readonly swapMiB: number;
  readonly idleMinutes: number;
  readonly answersDns: boolean;
  readonly outOfMemoryKills: number;
}

/** The engine's private memory, when it starts again on a node that has something on it. */
export interface RestartMemory {
  /** Highest from its start until it is steady. */
  readonly peakMiB: number;
  readonly steadyMiB: number;
  readonly secondsToReady: number;
}

/** What is on the node. */
export type Load = "empty" | "110 pods" | "63 CRDs" | "305 CRDs" | "operators' CRDs";

export interface Pair<T> {
  readonly engine: T;
  readonly peer: T;
}

export interface Measured {
  readonly commit: string;
  readonly date: string;
  readonly accelerator: string;
  readonly first: Pair<readonly Start[]>;
  readonly restart: Pair<readonly Start[]>;
  readonly idle: Pair<Idle>;
  readonly memory: Memory;
  readonly restartMemory: Readonly<Record<Load, RestartMemory>>;
  /** Seconds from power-on to Ready with 384 MiB, or why it did not get there. */
  readonly ready384: number | string;
  readonly squashfsBytes: number;
}

/** The keys are those that the project's targets are named by. */
export interface Result {
  readonly cpu_ratio_first: number;
  readonly cpu_ratio_restart: number;
  readonly idle_cpu_ratio: number;
  readonly used_mib_512: number;
  readonly ready_384: boolean;
  readonly write_ratio: number;
  readonly squashfs_mib: number;
  readonly restart_peak_ratio_110_pods: number;
  readonly restart_peak_ratio_63_crds: number;
  readonly steady_mib_63_crds: number;
  readonly raw: Measured;
}

export function planResult(measured: Measured): Result {
  const { first, restart, idle, memory, restartMemory, ready384, squashfsBytes } = measured;
  const cpu = (starts: readonly Start[]) => median(starts.map(({ cpuSeconds }) => cpuSeconds));
  const perSecond = ({ cpuSeconds, seconds }: Idle) => cpuSeconds / seconds;
  const peakRatio = ({ peakMiB, steadyMiB }: RestartMemory) => round(peakMiB / steadyMiB, 2);
  return {
    cpu_ratio_first: round(cpu(first.engine) / cpu(first.peer), 3),
    cpu_ratio_restart: round(cpu(restart.engine) / cpu(restart.peer), 3),
    idle_cpu_ratio: round(perSecond(idle.engine) / perSecond(idle.peer), 3),
    used_mib_512: round(memory.usedMiB, 1),
    ready_384: typeof ready384 === "number",
    write_ratio: round(idle.engine.writtenMiBPerDay / idle.peer.writtenMiBPerDay, 3),
    squashfs_mib: round(squashfsBytes / 2 ** 20, 1),
    restart_peak_ratio_110_pods: peakRatio(restartMemory["110 pods"]),
    restart_peak_ratio_63_crds: peakRatio(restartMemory["63 CRDs"]),
    steady_mib_63_crds: round(restartMemory["63 CRDs"].steadyMiB, 1),
    raw: measured,
  };
}

export function idleBetween(before: Counters, after: Counters): Idle {
  const seconds = after.uptimeSeconds - before.uptimeSeconds;
  const writtenMiB = (after.writtenBytes - before.writtenBytes) / 2 ** 20;
  const earlier = new Map(before.processes.map((each) => [each.name, each.cpuSeconds]));
  return {
    seconds: round(seconds, 1),
    cpuSeconds: round(after.cpuSeconds - before.cpuSeconds, 2),
    writtenMiB: round(writtenMiB, 2),
    writtenMiBPerDay: round((writtenMiB / seconds) * 86_400, 1),
    usedMiB: round(after.usedMiB, 1),
    processes: after.processes.map((each) => ({
      ...each,
      cpuSeconds: round(each.cpuSeconds - (earlier.get(each.name) ?? 0), 2),
    })),
  };
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error("the median of nothing");
  return (lower + upper) / 2;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
