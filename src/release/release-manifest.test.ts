import { expect, test } from "vitest";
import { sampleRelease } from "../../test/sample-release.ts";
import { type Box, refusals } from "./refusals.ts";
import {
  formatReleaseManifest,
  parseReleaseManifest,
  type ReleaseManifest,
  slotSums,
} from "./release-manifest.ts";

const hash = "ab".repeat(32);
const manifest = sampleRelease({
  files: [
    { name: "vmlinuz", size: 10, sha256: hash },
    { name: "initramfs.img", size: 20, sha256: hash },
    { name: "boot.cfg", size: 30, sha256: hash },
    { name: "root.squashfs", size: 40, sha256: hash },
  ],
});
const problemsOf = (change: object) => {
  const parsed = parseReleaseManifest(JSON.stringify({ ...manifest, ...change }));
  return "problems" in parsed ? parsed.problems : [];
};

test("a whole manifest is read", () => {
  expect(parseReleaseManifest(JSON.stringify(manifest))).toEqual(manifest);
  expect(problemsOf({ notes: undefined })).toEqual([]);
});

test.for([
  ["a key that nobody knows", { sgnature: "" }, ["release.json, sgnature: "]],
  ["a sequence that is none", { sequence: -1 }, ["release.json, sequence: "]],
  ["a fraction", { sequence: 1.5 }, ["release.json, sequence: not a whole number"]],
  ["a number beyond what the boot loader can hold", { sequence: 1e9 }, ["release.json, sequence: "]],
  [
    "two faults, both told",
    { version: "v1", root_hash: "AB" },
    ["release.json, version: ", "release.json, root_hash: "],
  ],
  ["a missing file", { files: manifest.files.slice(1) }, ["release.json, files: not the files vmlinuz, "]],
  ["a file twice", { files: [...manifest.files, manifest.files[0]] }, ["release.json, files: not the files"]],
  ["a file elsewhere", { files: [{ ...manifest.files[0], name: "../x" }] }, ["release.json, files.0.name: "]],
  ["a product that clears the screen", { product: "\u001b[2J" }, ["release.json, product: not a word"]],
] as const)("refused: %s", ([, change, expected]) => {
  const problems = problemsOf(change);
  expect(problems.length).toBeGreaterThanOrEqual(expected.length);
  expected.forEach((start) => {
    expect(
      problems.some((problem) => problem.startsWith(start)),
      `${start} in ${problems.join("; ")}`,
    ).toBe(true);
  });
});

test("what is written is read again, and what isn't a manifest isn't written", () => {
  expect(parseReleaseManifest(formatReleaseManifest(manifest))).toEqual(manifest);
  expect(() => formatReleaseManifest({ ...manifest, root_hash: "ab" })).toThrow("not a SHA-256");
});

test("the sums are of what GRUB loads, as sha256sum reads them", () => {
  const files = manifest.files.map((file, index) => ({ ...file, sha256: `${index}`.repeat(64) }));
  expect(slotSums({ ...manifest, files })).toBe(
    `${"0".repeat(64)}  vmlinuz\n${"1".repeat(64)}  initramfs.img\n${"2".repeat(64)}  boot.cfg\n`,
  );
});

test.for(["", "null", "[]", "{", '"x"', "1"])("%j is no manifest", (text) => {
  expect(parseReleaseManifest(text)).toHaveProperty("problems");
});

const box: Box = {
  architecture: "amd64",
  profile: "vm",
  version: "1.1.0",
  isConfirmed: true,
  floor: 11,
  quarantine: [],
  slotBytes: 1000,
  freeDataBytes: 1000,
  snapshotBytes: 100,
  isUpdating: false,
  isOtherNext: false,
};
const whys = (release: Partial<ReleaseManifest>, own: Partial<Box> = {}) =>
  refusals({ ...manifest, ...release }, { ...box, ...own }).map(({ why }) => why);

test("a newer release is taken, and the same again", () => {
  expect(refusals(manifest, box)).toEqual([]);
  expect(refusals({ ...manifest, sequence: 11 }, box)).toEqual([]);
});

test.for([
  ["another product", { product: "other" }, {}, "a release of"],
  ["another architecture", { architecture: "arm64" }, {}, "it is for arm64"],
  ["another profile", { profile: "hardware" }, {}, 'the profile "hardware"'],
  ["another layout", { layout: 2 }, {}, "layout 2"],
  ["a version that leaves this one out", { min_compatible_version: "1.1.1" }, {}, "1.1.1 and later"],
  [
    "an early version of the oldest one",
    { min_compatible_version: "1.1.0" },
    { version: "1.1.0-rc.1" },
    "1.1.0 and later",
  ],
  ["an old one", { sequence: 10 }, {}, "sequence 10"],
  ["one that failed", {}, { quarantine: ["1.2.0"] }, "failed here"],
  ["a large one", {}, { slotBytes: 99 }, "a slot holds 99"],
  ["no room for a snapshot", {}, { freeDataBytes: 99 }, "can't be kept"],
  ["while another is on trial", {}, { isConfirmed: false }, "on trial itself"],
  ["into the slot that is started next", {}, { isOtherNext: true }, "started next"],
  ["while another is written", {}, { isUpdating: true }, "another update"],
] as const)("refused: %s", ([, release, own, why]) => {
  expect(whys(release, own)).toEqual([expect.stringContaining(why)]);
});

test("all reasons are told at once", () => {
  const strange = { architecture: "arm64", sequence: 1, layout: 3 };
  expect(whys(strange, { isConfirmed: false })).toHaveLength(4);
});

test("who insists gets an older one, or one that failed, and nothing else", () => {
  const old = { ...manifest, sequence: 1 };
  const failed = { ...box, quarantine: ["1.2.0"] };
  expect(refusals(old, failed, { allowDowngrade: true, again: true })).toEqual([]);
  expect(refusals(old, failed, { allowDowngrade: true })).toHaveLength(1);
  expect(
    refusals({ ...old, architecture: "arm64" }, failed, { allowDowngrade: true, again: true }),
  ).toHaveLength(1);
});
