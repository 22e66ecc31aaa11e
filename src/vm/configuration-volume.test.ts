import { expect, test } from "vitest";
import { configurationVolume } from "./configuration-volume.ts";

const SECTOR = 2048;

/** Reads it back by the standard's offsets. */
function readVolume(image: Buffer): { label: string; files: Record<string, string> } {
  const descriptor = image.subarray(16 * SECTOR);
  const root = descriptor.readUInt32LE(156 + 2) * SECTOR;
  const files: Record<string, string> = {};
  for (let at = root; image[at] !== 0; at += image[at] ?? 0) {
    const name = image.toString("latin1", at + 33, at + 33 + (image[at + 32] ?? 0));
    const start = image.readUInt32BE(at + 6) * SECTOR;
    const size = image.readUInt32LE(at + 10);
    if (image[at + 25] === 0) files[name] = image.toString("utf8", start, start + size);
  }
  return { label: descriptor.toString("latin1", 40, 72).trimEnd(), files };
}

test("holds its label and every file, each from a sector of its own", () => {
  const large = "x".repeat(5000);
  const image = configurationVolume("cidata", { "user-data": large, "meta-data": "é", empty: "" });
  expect(image.length % SECTOR).toBe(0);
  expect(readVolume(image)).toEqual({
    label: "cidata",
    files: { "EMPTY;1": "", "META-DATA;1": "é", "USER-DATA;1": large },
  });
});

test("is known by its magic, as blkid looks for it", () => {
  expect(configurationVolume("x", {}).toString("latin1", 32769, 32774)).toBe("CD001");
});
