import { describe, expect, test } from "vitest";
import type { Copyright } from "./licences.ts";
import {
  addLicences,
  addOrigins,
  type DebianLock,
  describeLockChange,
  type FoundPackage,
  joinGroups,
  type LockedPackage,
  packageFileName,
  parseFiles,
  parseLock,
  type ResolvedPackage,
  resolvedPackage,
} from "./lock.ts";

const hash = "ab".repeat(32);
const resolved = (name: string, version = "1", groups = ["rootfs"]): ResolvedPackage => ({
  name,
  version,
  architecture: "amd64",
  sizeBytes: 10,
  sha256: hash,
  groups,
});
const found = (...args: Parameters<typeof resolved>): FoundPackage => ({
  ...resolved(...args),
  origin: "trixie/main",
});
const locked = (...args: Parameters<typeof resolved>): LockedPackage => ({
  ...found(...args),
  licences: ["GPL-2+"],
});
const makeLock = (...packages: LockedPackage[]): DebianLock => ({ packages });

test("reads what apt would download, with the epoch of a version", () => {
  const output = `'mirror:/mtools_4.deb' mtools_1%3a4.0.48-1_amd64.deb 10 SHA256:${hash}\n`;
  const file = {
    uri: "mirror:/mtools_4.deb",
    name: "mtools_1%3a4.0.48-1_amd64.deb",
    sizeBytes: 10,
    sha256: hash,
  };
  expect(parseFiles(`Reading…\n${output}`)).toEqual([file]);
  expect(resolvedPackage(file, "rootfs")).toEqual(resolved("mtools", "1:4.0.48-1"));
});

test("refuses a package without a SHA-256", () => {
  expect(() => parseFiles("'u' a_1_amd64.deb 10 MD5Sum:0\n")).toThrow();
});

test("names a package's file as apt does", () => {
  expect(packageFileName(locked("mtools", "1:4.0.48-1"))).toBe("mtools_1%3a4.0.48-1_amd64.deb");
});

test("a package of two groups stands in the lock once, and the lock is sorted", () => {
  const packages = joinGroups([found("zstd"), found("libc6"), found("libc6", "1", ["tools"])]);
  expect(packages.map(({ name, groups }) => [name, groups])).toEqual([
    ["libc6", ["rootfs", "tools"]],
    ["zstd", ["rootfs"]],
  ]);
});

test("a package for two architectures stands in the lock twice", () => {
  const arm64 = { ...found("libc6"), architecture: "arm64" };
  expect(joinGroups([found("libc6"), arm64])).toHaveLength(2);
});

test("tells what a new lock changes", () => {
  const before = makeLock(locked("gone"), locked("newer", "1"), locked("same"));
  const after = makeLock(locked("added"), locked("newer", "2"), locked("same"));
  expect(describeLockChange(before, after)).toEqual([
    "added:amd64: not there → 1",
    "newer:amd64: 1 → 2",
    "gone:amd64: removed",
  ]);
});

test("tells security updates from others, and tells them first", () => {
  const before = makeLock(locked("a"), locked("b"));
  const after = makeLock(locked("a", "2"), { ...locked("b", "2"), origin: "trixie-security/main" });
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

describe("addLicences", () => {
  const gpl = "Format: copyright-format/1.0\nLicense: GPL-3+\n";
  const of = (name: string, sha256: string): FoundPackage => ({ ...found(name), sha256 });
  const licences = (packages: FoundPackage[], before: LockedPackage[], copyrights: [string, Copyright][]) =>
    addLicences(packages, makeLock(...before), new Map(copyrights)).map((one) => one.licences);

  test("reads a new package's file", () => {
    expect(licences([of("a", "01")], [], [["01", { text: gpl }]])).toEqual([["GPL-3+"]]);
  });

  test("says when only a person can read it", () => {
    expect(licences([of("a", "01")], [], [["01", { text: "as it is" }]])).toEqual(["see copyright"]);
  });

  test("keeps what the earlier lock says of the same bytes", () => {
    expect(licences([of("a", "01")], [{ ...locked("a"), sha256: "01" }], [])).toEqual([["GPL-2+"]]);
  });

  test("follows a link to a package of the same architecture", () => {
    const packages = [of("base", "01"), { ...of("base", "02"), architecture: "arm64" }, of("gcc", "03")];
    const copyrights: [string, Copyright][] = [
      ["01", { text: gpl }],
      ["02", { text: "" }],
      ["03", { sameAs: "base" }],
    ];
    expect(licences(packages, [], copyrights)).toEqual([["GPL-3+"], "see copyright", ["GPL-3+"]]);
  });

  test("follows a link to a package that the earlier lock has, for all architectures", () => {
    const base = { ...of("base", "01"), architecture: "all" };
    const before = { ...base, licences: ["ISC"] };
    expect(licences([base, of("gcc", "02")], [before], [["02", { sameAs: "base" }]])).toEqual([
      ["ISC"],
      ["ISC"],
    ]);
  });

  test("refuses a link that leads nowhere", () => {
    expect(() => licences([of("gcc", "02")], [], [["02", { sameAs: "base" }]])).toThrow("base");
  });
});

const text = (...packages: object[]) => JSON.stringify({ packages }, null, 2);
const { licences: _licences, ...withoutLicences } = locked("a");

test("reads what it wrote", () => {
  expect(parseLock(text(locked("a")))).toEqual(makeLock(locked("a")));
});

test.each([
  ["a short hash", text({ ...locked("a"), sha256: "abc" })],
  ["a mirror's name", text({ ...locked("a"), origin: "mirror.example/debian" })],
  ["no licences, as earlier ones", text(withoutLicences)],
  ["a merge's marks", `<<<<<<< ours\n${text(locked("a"))}\n=======\n>>>>>>> theirs\n`],
  ["something else", "<html>"],
])("takes a file with %s as no lock", (_name, json) => {
  expect(parseLock(json)).toBeUndefined();
});
