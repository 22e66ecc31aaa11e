import { expect, test } from "vitest";
import { parsePass, planConfigurationResult } from "./configuration-figures.ts";

test("a pass as the guest prints it", () => {
  expect(parsePass("cpu_usec 1500000\npeak_kib 20582\n")).toEqual({ cpuSeconds: 1.5, peakMiB: 20.1 });
});

test.each([
  ["without a CPU time", "peak_kib 1\n"],
  ["without a peak", "cpu_usec 1\n"],
  ["with what is no number", "cpu_usec x\npeak_kib 1\n"],
])("a pass %s is none", (_name, printed) => {
  expect(() => parsePass(printed)).toThrow(/^no (cpu_usec|peak_kib) in/);
});

test("medians are compared, and the largest peak counts", () => {
  const pass = (cpuSeconds: number, peakMiB: number) => ({ cpuSeconds, peakMiB });
  const result = planConfigurationResult({
    commit: "c",
    date: "d",
    accelerator: "tcg",
    agent: [pass(1, 20), pass(9, 22), pass(2, 21)],
    cloudInit: [pass(50, 60), pass(40, 61), pass(30, 62)],
  });
  expect(result).toMatchObject({ cpu_ratio: 0.05, peak_rss_mib: 22 });
});
