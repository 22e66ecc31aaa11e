import { expect, test } from "vitest";
import { planBiosBoot } from "./bios-boot.ts";

const table = Buffer.alloc(512, 0xee);
const boot = Buffer.alloc(512, 0x11);
const core = Buffer.alloc(1300, 0x22);

test("points the boot sector at the core image and keeps the partition table", () => {
  const { bootSector } = planBiosBoot(table, boot, core, 2048, 2048);
  expect(bootSector.readBigUInt64LE(0x5c)).toBe(2048n);
  expect([bootSector[0x64], bootSector[0x66], bootSector[0x67]]).toEqual([0xff, 0x90, 0x90]);
  expect(bootSector.subarray(0x1b8).every((byte) => byte === 0xee)).toBe(true);
  expect(bootSector[0]).toBe(0x11);
});

test("tells the core image where the rest of it lies", () => {
  const planned = planBiosBoot(table, boot, core, 2048, 2048).core;
  expect(planned.length).toBe(1536);
  expect(planned.readBigUInt64LE(500)).toBe(2049n);
  expect(planned.readUInt16LE(508)).toBe(2);
});

test.each([
  [
    "a boot image of the wrong size",
    () => planBiosBoot(table, core, core, 2048, 2048),
    "boot.img has 1300 bytes",
  ],
  [
    "a core image that doesn't fit",
    () => planBiosBoot(table, boot, core, 2048, 2),
    "core.img needs 3 sectors",
  ],
])("refuses %s", (_name, plan, message) => {
  expect(plan).toThrow(message);
});
