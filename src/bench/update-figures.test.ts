import { expect, test } from "vitest";
import { parseSamples, planUpdateResult, type UpdateMeasured } from "./update-figures.ts";

test("memory is what is missing of the idle node's, writes are those that an idle node doesn't make", () => {
  const measured: UpdateMeasured = {
    commit: "abc",
    date: "2026-11-29",
    accelerator: "tcg",
    bundleBytes: 90_000_000,
    agentBytes: 5 * 2 ** 20,
    applied: {
      seconds: 60,
      idleKib: [204_800, 205_824, 90_000],
      applyingKib: [200_000, 184_320, 210_000],
      writtenBytes: 96_000_000,
      idleWrittenBytes: 1_500_000,
    },
    readySeconds: 50.12,
    nginxSeconds: 61.26,
    startSeconds: [0, 20.1, 40.2, 60.34],
  };
  expect(planUpdateResult(measured)).toEqual({
    downtime_seconds: 61.3,
    rollback_seconds: 60.3,
    apply_peak_mib: 20,
    apply_written_ratio: 1.05,
    agent_mib: 5,
    bundle_mb: 90,
    raw: measured,
  });
});

test("samples are lines of numbers, and nothing else", () => {
  expect(parseSamples("204800\n184320\n")).toEqual([204_800, 184_320]);
  expect(() => parseSamples("")).toThrow("no samples");
  expect(() => parseSamples("204800\nsh: no such file\n")).toThrow("no samples");
});
