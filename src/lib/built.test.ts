import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltImage, readBuiltImage, writeBuiltImage } from "./built.ts";
import { buildPath } from "./paths.ts";

const image: BuiltImage = {
  diskImage: "/build/disk.img",
  version: "1.2.3",
  profile: "vm",
  imageId: "ab",
  dataOffsetBytes: 4096,
  kernel: "/build/vmlinuz",
  initramfs: "/build/initramfs.img",
  kernelArgs: "quiet",
  systemImages: { "pause.tar": "/build/pause.tar" },
  kubectl: "/build/kubectl",
};
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "built-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a record is read as it was written", () => {
  writeBuiltImage(folder, image);
  expect(readBuiltImage(relative(buildPath(), folder))).toEqual(image);
});

test("a record that isn't there is told with what makes it", () => {
  const nowhere = relative(buildPath(), join(folder, "nowhere"));
  expect(() => readBuiltImage(nowhere)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining("image.json"),
      hint: "run `make build` first",
    }),
  );
});

test.each([
  ["that lacks what is read from it now", '{"version":"1.2.3"}'],
  ["that was cut short", '{"version":'],
])("a record %s is told with what makes it anew", (_, text) => {
  writeFileSync(join(folder, "image.json"), text);
  expect(() => readBuiltImage(relative(buildPath(), folder))).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/image\.json" is damaged, or of another version/),
      hint: "run `make build` first",
    }),
  );
});
