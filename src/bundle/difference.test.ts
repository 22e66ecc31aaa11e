import { expect, test } from "vitest";
import { manifest } from "../../test/factory/sample-manifest.ts";
import { sampleRelease } from "../../test/sample-release.ts";
import { bundleContents, describeDifference, imageContents } from "./difference.ts";

const release = sampleRelease();

test("nothing differs from itself", () => {
  const [image, bundle] = [imageContents(manifest), bundleContents(release)];
  expect([image, bundle].map((contents) => describeDifference(contents, contents))).toEqual([[], []]);
});

test("of two bundles: versions and sizes", () => {
  const files = release.files.map((file, index) => (index === 0 ? { ...file, size: 11 } : file));
  const next = { ...release, version: "1.3.0", sequence: 13, kubernetes: "v1.38.0", files };
  expect(describeDifference(bundleContents(release), bundleContents(next))).toEqual([
    "version: 1.2.0 → 1.3.0",
    "kubernetes: v1.37.2 → v1.38.0",
    "sequence: 12 → 13",
    "vmlinuz: 10 bytes → 11 bytes",
  ]);
});

test("of two images: also what they are made of, and no tools", () => {
  const [first, ...others] = manifest.debianPackages;
  if (first === undefined) throw new Error("a sample without packages");
  const added = { ...first, name: "added", licences: ["MIT"], use: "image" as const, version: "2" };
  const tool = { ...added, name: "tool", use: "tool" as const };
  const next = { ...manifest, debianPackages: [{ ...first, version: "9" }, ...others, added, tool] };
  const lines = describeDifference(imageContents(manifest), imageContents(next));
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`^Debian ${first.name}:\\w+: .+ → 9 `)),
    `Debian added:${first.architecture}: not there → 2 (MIT)`,
  ]);
});

test("of a bundle and an image: what both tell", () => {
  const lines = describeDifference(bundleContents(release), imageContents({ ...manifest, version: "1.3.0" }));
  expect(lines).toContain("version: 1.2.0 → 1.3.0");
  expect(lines.filter((line) => /^(sequence|Debian|release\.json)/.test(line))).toEqual([]);
});
