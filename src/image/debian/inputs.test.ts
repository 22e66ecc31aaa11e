import { describe, expect, test } from "vitest";
import {
  addOrigins,
  describeLockChange,
  type LockedPackage,
  makeLock,
  packageFileName,
  parseInputs,
  parseLock,
  parsePrintUris,
  planSources,
  type ResolvedPackage,
} from "./inputs.ts";

const hash = "ab".repeat(32);
const resolved = (name: string, version = "1", groups = ["rootfs"]): ResolvedPackage => ({
  name,
  version,
  architecture: "amd64",
  sizeBytes: 10,
  sha256: hash,
  groups,
});
const locked = (...args: Parameters<typeof resolved>): LockedPackage => ({
  ...resolved(...args),
  origin: "trixie/main",
});

test("reads what apt would download, with the epoch of a version", () => {
  const output = `'mirror:/mtools_4.deb' mtools_1%3a4.0.48-1_amd64.deb 10 SHA256:${hash}\n`;
  expect(parsePrintUris(output, "rootfs")).toEqual([resolved("mtools", "1:4.0.48-1")]);
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

test("tells security updates from others, and tells them first", () => {
  const before = makeLock([locked("a"), locked("b")]);
  const after = makeLock([locked("a", "2"), { ...locked("b", "2"), origin: "trixie-security/main" }]);
  expect(describeLockChange(before, after)).toEqual(["b:amd64: 1 → 2 (security)", "a:amd64: 1 → 2"]);
});

describe("addOrigins", () => {
  test.each([
    [
      "takes the suite with this version",
      "a | 2 | u trixie-updates/main amd64 Packages",
      "trixie-updates/main",
    ],
    ["knows a name with its architecture", "a:amd64 | 2 | u trixie/main amd64 Packages", "trixie/main"],
    [
      "keeps a security update one when the release has it too",
      "a | 2 | u trixie/main amd64 Packages\na | 2 | u trixie-security/main amd64 Packages",
      "trixie-security/main",
    ],
    [
      "leaves other versions and packages out",
      "a | 1 | u trixie-security/main amd64 P\nb | 2 | u sid/main amd64 P\n a | 2 | u trixie/main amd64 P",
      "trixie/main",
    ],
  ])("%s", (_name, madison, origin) => {
    expect(addOrigins([resolved("a", "2")], madison)).toEqual([{ ...resolved("a", "2"), origin }]);
  });

  test("refuses a package that no suite has", () => {
    expect(() => addOrigins([resolved("a", "2")], "a | 1 | u trixie/main amd64 Packages")).toThrow("a 2");
  });
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
  [
    "a lock with a mirror's name",
    () => parseLock(JSON.stringify({ packages: [{ ...locked("a"), origin: "mirror.example/debian" }] })),
  ],
  ["a lock that isn't JSON", () => parseLock("<html>")],
])("refuses %s", (_name, parse) => {
  expect(parse).toThrow();
});
