import { expect, test } from "vitest";
import { manifest } from "../../../test/factory/sample-manifest.ts";
import type { LockedPackage } from "../debian/lock.ts";
import { describePackages, formatManifest } from "./manifest.ts";

test("a manifest", async () => {
  await expect(formatManifest(manifest)).toMatchFileSnapshot("../../../test/golden/manifest.json");
});

test.each([
  ["a checksum that is none", { files: [{ name: "vmlinuz", sizeBytes: 1, sha256: "ab" }] }],
  ["a profile that nobody knows", { profile: "phone" as never }],
  ["an image without a digest", { containerImages: [{ name: "localhost/pause:1", digest: "latest" }] }],
])("refuses %s", (_name, change) => {
  expect(() => formatManifest({ ...manifest, ...change })).toThrow("Invalid");
});

test("a package of several groups has the first one's use, and the lock's order stays", () => {
  const locked = (name: string, ...groups: string[]): LockedPackage => ({
    name,
    version: "1",
    architecture: "amd64",
    sizeBytes: 1,
    sha256: "ab".repeat(32),
    origin: "trixie/main",
    licences: ["GPL-2+"],
    groups,
  });
  const packages = [locked("a", "tools"), locked("b", "tools", "rootfs"), locked("c", "nginx")];
  const described = describePackages(packages, [
    ["rootfs", "image"],
    ["tools", "tool"],
  ]);
  expect(described.map(({ name, use }) => [name, use])).toEqual([
    ["a", "tool"],
    ["b", "image"],
  ]);
});
