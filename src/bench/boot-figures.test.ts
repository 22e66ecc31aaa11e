import { describe, expect, test } from "vitest";
import { type BootMeasured, handOverOf, planBootResult } from "./boot-figures.ts";

const ours = (readySeconds: number, handOverSeconds: number) => ({
  readySeconds,
  firstProcessSeconds: 1,
  handOverSeconds,
});

test("seconds are medians, ratios are between medians", () => {
  const measured: BootMeasured = {
    commit: "abc",
    date: "2026-11-25",
    accelerator: "tcg",
    ours: [ours(36.04, 6.6), ours(99, 60), ours(31, 6)],
    bareSeconds: [9, 2.2, 2],
    systemdSeconds: [13.2, 12, 50],
    isoBytes: 85_000_000,
    assembleSeconds: 41.26,
    rebuildSeconds: [9, 10.5],
  };
  expect(planBootResult(measured)).toEqual({
    ready_seconds_512: 36,
    init_ratio_bare: 3,
    init_ratio_systemd: 0.5,
    iso_bytes: 85_000_000,
    assemble_seconds: 41.3,
    rebuild_seconds: 9.8,
    raw: measured,
  });
});

describe("handOverOf", () => {
  const part = (name: string, started: number, ended: number) => ({ name, started, ended });

  test("ends with the last stage, whether the engine has said that it is ready or not", () => {
    const parts = [part("initramfs", 2, 4), part("00-early-mount", 4, 4.2), part("90-kubesolo", 6, 6.7)];
    const expected = { firstProcessSeconds: 2, handOverSeconds: 6.7 };
    expect(handOverOf(parts)).toEqual(expected);
    expect(handOverOf([...parts, part("engine", 7, 30)])).toEqual(expected);
  });

  test.each([
    ["a boot without stages", [part("initramfs", 2, 4), part("engine", 7, 30)]],
    ["a boot without an initramfs", [part("90-kubesolo", 6, 6.7)]],
    ["nothing", []],
  ])("refuses %s", (_name, parts) => {
    expect(() => handOverOf(parts)).toThrow("no initramfs and no stages");
  });
});
