import { expect, test } from "vitest";
import type { Counters } from "./counters.ts";
import { idleBetween, type Measured, median, planResult, type Start } from "./figures.ts";

test.each([
  ["an odd number", [3, 1, 2], 2],
  ["an even number", [4, 1, 2, 3], 2.5],
  ["one", [7], 7],
])("the median of %s", (_, values, expected) => {
  expect(median(values)).toBe(expected);
});

test("idle is what came between two readings", () => {
  const before: Counters = {
    cpuSeconds: 10,
    machineCpuSeconds: 20,
    uptimeSeconds: 100,
    writtenBytes: 2 ** 20,
    usedMiB: 300,
    processes: [{ name: "kubesolo", cpuSeconds: 9, anonymousMiB: 100 }],
  };
  const after: Counters = {
    cpuSeconds: 12,
    machineCpuSeconds: 23,
    uptimeSeconds: 200,
    writtenBytes: 3 * 2 ** 20,
    usedMiB: 310,
    processes: [{ name: "kubesolo", cpuSeconds: 10.5, anonymousMiB: 110 }],
  };
  expect(idleBetween(before, after)).toEqual({
    seconds: 100,
    cpuSeconds: 2,
    writtenMiB: 2,
    writtenMiBPerDay: 1728,
    usedMiB: 310,
    processes: [{ name: "kubesolo", cpuSeconds: 1.5, anonymousMiB: 110 }],
  });
});

const starts = (...seconds: number[]): Start[] =>
  seconds.map((cpuSeconds) => ({ cpuSeconds, machineCpuSeconds: 0, wallSeconds: 0, processes: [] }));
const idle = (cpuSeconds: number, seconds: number, writtenMiBPerDay: number) => ({
  seconds,
  cpuSeconds,
  writtenMiB: 0,
  writtenMiBPerDay,
  usedMiB: 0,
  processes: [],
});
const measured: Measured = {
  commit: "abc",
  date: "2026-11-23",
  accelerator: "tcg",
  first: { engine: starts(5, 9, 6), peer: starts(12, 11, 20) },
  restart: { engine: starts(4), peer: starts(10) },
  idle: { engine: idle(3, 100, 10), peer: idle(20, 200, 100) },
  memory: {
    usedMiB: 240.04,
    totalMiB: 460,
    swapMiB: 0,
    idleMinutes: 10,
    answersDns: true,
    outOfMemoryKills: 0,
  },
  restartMemory: {
    empty: { peakMiB: 120, steadyMiB: 120, secondsToReady: 3 },
    "110 pods": { peakMiB: 260, steadyMiB: 200, secondsToReady: 5 },
    "63 CRDs": { peakMiB: 330, steadyMiB: 280.04, secondsToReady: 6 },
    "305 CRDs": { peakMiB: 900, steadyMiB: 800, secondsToReady: 20 },
    "operators' CRDs": { peakMiB: 290, steadyMiB: 260, secondsToReady: 6 },
  },
  ready384: 60,
  squashfsBytes: 60.25 * 2 ** 20,
};

test("ratios are of medians, ours to the peer's", () => {
  expect(planResult(measured)).toEqual({
    cpu_ratio_first: 0.5,
    cpu_ratio_restart: 0.4,
    idle_cpu_ratio: 0.3,
    used_mib_512: 240,
    ready_384: true,
    write_ratio: 0.1,
    squashfs_mib: 60.3,
    restart_peak_ratio_110_pods: 1.3,
    restart_peak_ratio_63_crds: 1.18,
    steady_mib_63_crds: 280,
    raw: measured,
  });
});

test("a machine that never got ready counts as that", () => {
  expect(planResult({ ...measured, ready384: "no memory" }).ready_384).toBe(false);
});
