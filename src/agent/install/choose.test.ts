import { describe, expect, test } from "vitest";
import type { InstallWish } from "../cloud-init/actions.ts";
import { chooseDisk } from "./choose.ts";
import { type Disk, describeDisk } from "./disks.ts";

const GIB = 2 ** 30;
const disk = (name: string, changes: Partial<Disk> = {}): Disk => ({
  ...{ name, sizeBytes: 64 * GIB, sectorBytes: 512, isReadOnly: false, ids: [], isUsed: false, holds: [] },
  ...changes,
});
const wish = (changes: Partial<InstallWish> = {}): InstallWish => ({
  ...{ isErased: false, end: "reboot" },
  ...changes,
});
const ours = ["BIOSBOOT", "KSOLOEFI", "KSOLOA", "KSOLOB", "KSOLODATA"];
const windows = disk("sda", { holds: ["EFI system partition", "Basic data partition"] });
const installed = disk("sda", { holds: ours });
const named = disk("nvme0n1", { ids: ["S4EVNX0", "eui.0025385"] });

describe("takes", () => {
  test.each<[string, Disk[], InstallWish, string]>([
    ["the only disk", [disk("sda")], wish(), "sda"],
    ["the only one that is empty", [windows, disk("sdb")], wish(), "sdb"],
    [
      "the only one of the size",
      [disk("sda", { sizeBytes: 8 * GIB }), disk("sdb")],
      wish({ minSizeBytes: 32 * GIB }),
      "sdb",
    ],
    ["one by its name", [disk("sda"), disk("sdb")], wish({ disk: "sdb" }), "sdb"],
    ["one by its path", [disk("sda"), disk("sdb")], wish({ disk: "/dev/sda" }), "sda"],
    ["one by its serial number", [disk("sda"), named], wish({ disk: "S4EVNX0" }), "nvme0n1"],
    ["one by a part of its WWN", [disk("sda"), named], wish({ disk: "eui.*" }), "nvme0n1"],
    ["one by several parts of its serial number", [disk("sda"), named], wish({ disk: "S4*N*0" }), "nvme0n1"],
    ["one by its end", [disk("sda"), named], wish({ disk: "*.0025385" }), "nvme0n1"],
    ["one that holds something, when that may go", [windows], wish({ isErased: true }), "sda"],
    ["one of exactly the image's size", [disk("sda", { sizeBytes: 4 * GIB })], wish(), "sda"],
  ])("%s", (_name, disks, wished, expected) => {
    expect(chooseDisk(disks, wished)).toMatchObject({ is: "disk", disk: { name: expected } });
  });
});

describe("refuses", () => {
  test.each<[string, Disk[], InstallWish, string]>([
    ["where there is none", [], wish(), "no disk of the size wished for"],
    ["one of two that fit", [disk("sda"), disk("sdb")], wish(), "several disks fit: sda, sdb"],
    [
      "one of two, though their content may go",
      [windows, disk("sdb")],
      wish({ isErased: true }),
      "several disks fit",
    ],
    ["one that holds something", [windows], wish(), "sda holds EFI system partition, Basic data partition"],
    ["a name that is none", [disk("sda")], wish({ disk: "sdx" }), 'no disk "sdx"'],
    ["a name that only begins so", [disk("sda")], wish({ disk: "sd" }), 'no disk "sd"'],
    ["a serial number with a dot for any letter", [named], wish({ disk: "S4.VNX0" }), "no disk"],
    ["one that is in use", [disk("sda", { isUsed: true })], wish({ isErased: true }), "sda is in use"],
    ["one that is read-only", [disk("sda", { isReadOnly: true })], wish(), "sda can't be written to"],
    ["large sectors", [disk("sda", { sectorBytes: 4096 })], wish(), "sectors of 4096 bytes"],
    ["one that is too small", [disk("sda", { sizeBytes: 4 * GIB - 512 })], wish(), "smaller than 4096 MiB"],
  ])("%s", (_name, disks, wished, why) => {
    expect(chooseDisk(disks, wished)).toMatchObject({ is: "refused", why: expect.stringContaining(why) });
  });
});

describe("does nothing where the system is already", () => {
  test.each<[string, Disk[], InstallWish]>([
    ["on the only disk", [installed], wish()],
    ["though what is on it may go", [installed], wish({ isErased: true })],
    ["on the disk that is named", [installed, disk("sdb")], wish({ disk: "sda" })],
    [
      "on one of two, when none is named: it isn't installed on one after the other",
      [installed, disk("sdb")],
      wish(),
    ],
  ])("%s", (_name, disks, wished) => {
    expect(chooseDisk(disks, wished)).toMatchObject({ is: "installed", disk: { name: "sda" } });
  });
});

test("a person sees what a disk is", () => {
  expect(describeDisk({ ...windows, model: "Disk", ids: ["X1"] })).toBe(
    "sda  64.0 GiB  Disk, X1  holds EFI system partition, Basic data partition",
  );
  expect(describeDisk(disk("sdb"))).toBe("sdb  64.0 GiB  empty");
});

test.each([
  ["parts that overlap", "S4EVN*VNX0"],
  ["another end", "*S4EVNX"],
  ["a name without a star", "S4EVNX"],
  ["many stars", `${"*0".repeat(25)}x`],
])("no serial number is like %s, and that is soon found out", (_what, pattern) => {
  const many = disk("sdb", { ids: ["S4EVNX0", "0".repeat(60)] });
  const startedMs = performance.now();
  expect(chooseDisk([many], wish({ disk: pattern }))).toMatchObject({ is: "refused" });
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
