import { describe, expect, test } from "vitest";
import {
  describeLockChange,
  type LockedPackage,
  makeLock,
  packageFileName,
  parseInputs,
  parseLock,
  parsePrintUris,
  planSources,
} from "./inputs.ts";

const hash = "ab".repeat(32);
const locked = (name: string, version = "1", groups = ["rootfs"]): LockedPackage => ({
  name,
  version,
  architecture: "amd64",
  sizeBytes: 10,
  sha256: hash,
  groups,
});

test("reads what apt would download, with the epoch of a version", () => {
  const output = `'mirror:/mtools_4.deb' mtools_1%3a4.0.48-1_amd64.deb 10 SHA256:${hash}\n`;
  expect(parsePrintUris(output, "rootfs")).toEqual([locked("mtools", "1:4.0.48-1")]);
});

test("refuses a package without a SHA-256", () => {
  expect(() => parsePrintUris("'u' a_1_amd64.deb 10 MD5Sum:0\n", "tools")).toThrow();
});

test("names a package's file as apt does", () => {
  expect(packageFileName(locked("mtools", "1:4.0.48-1"))).toBe("mtools_1%3a4.0.48-1_amd64.deb");
});

test("a package of two groups stands in the lock once, and the lock is sorted", () => {
  const lock = makeLock([locked("zstd"), locked("libc6"), locked("libc6", "1", ["tools"])]);
  expect(lock.packages.map(({ name, groups }) => [name, groups])).toEqual([
    ["libc6", ["rootfs", "tools"]],
    ["zstd", ["rootfs"]],
  ]);
});

test("a package for two architectures stands in the lock twice", () => {
  const arm64 = { ...locked("libc6"), architecture: "arm64" };
  expect(makeLock([locked("libc6"), arm64]).packages).toHaveLength(2);
});

test("tells what a new lock changes", () => {
  const before = makeLock([locked("gone"), locked("newer", "1"), locked("same")]);
  const after = makeLock([locked("added"), locked("newer", "2"), locked("same")]);
  expect(describeLockChange(before, after)).toEqual([
    "added:amd64: not there → 1",
    "newer:amd64: 1 → 2",
    "gone:amd64: removed",
  ]);
});

describe("planSources", () => {
  const keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";

  test.each([
    [
      "takes the host's mirror for another release",
      "mirror:/debian/ bookworm main",
      [`deb ${keyring} mirror:/debian/ trixie main`],
    ],
    [
      "keeps security with security",
      "mirror:/security/ trixie-security main",
      [`deb ${keyring} mirror:/security/ trixie-security main`],
    ],
    ["leaves what isn't Debian's", "mirror:/other/ nodistro main", []],
    ["leaves components but main", "mirror:/debian/ bookworm contrib", []],
    ["finds nothing in nothing", "", []],
  ])("%s", (_name, targets, expected) => {
    expect(planSources(targets, "trixie")).toEqual(expected);
  });
});

test.each([
  ["inputs without a group", () => parseInputs('{"suite":"trixie"}')],
  [
    "a lock with a short hash",
    () => parseLock(JSON.stringify({ packages: [{ ...locked("a"), sha256: "abc" }] })),
  ],
  ["a lock that isn't JSON", () => parseLock("<html>")],
])("refuses %s", (_name, parse) => {
  expect(parse).toThrow();
});
