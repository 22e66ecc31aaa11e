import { expect, test } from "vitest";
import { bundleMembers, type MemberSize, memberProblems, sizeProblems } from "./bundle.ts";
import { slotFiles } from "./release-manifest.ts";

const sized = (names: readonly string[]): MemberSize[] => names.map((name) => ({ name, size: 10 }));
const resized = (name: string, size: number) =>
  signed.map((member) => (member.name === name ? { name, size } : member));
const signed = sized(bundleMembers);

test("a bundle may be signed or not", () => {
  expect(memberProblems(signed)).toEqual([]);
  expect(memberProblems(signed.filter(({ name }) => !name.endsWith(".minisig")))).toEqual([]);
});

test.for<[string, MemberSize[], string[]]>([
  ["nothing", [], ["release.json", ...slotFiles].map((name) => `${name} is missing`)],
  ["one missing", signed.slice(0, -1), ["root.squashfs is missing"]],
  ["one more", [...signed, ...sized(["README"])], ['"README" is no part of a release']],
  ["a way out", [...signed, ...sized(["../vmlinuz"])], ['"../vmlinuz" is no part of a release']],
  ["one that is there twice", [...signed, ...sized(["vmlinuz"])], ['"vmlinuz" is there twice']],
  ["another order", [...signed].reverse(), [`its files aren't in the order ${bundleMembers.join(", ")}`]],
  [
    "a large manifest",
    resized("release.json", 65_537),
    ["release.json has 65537 bytes, and at most 65536 are read"],
  ],
  [
    "a large signature, and one missing",
    resized("release.json.minisig", 9999).slice(0, -1),
    ["root.squashfs is missing", "release.json.minisig has 9999 bytes, and at most 4096 are read"],
  ],
])("refused: %s", ([, members, problems]) => {
  expect(memberProblems(members)).toEqual(problems);
});

test("sizes are what the release says", () => {
  const files = slotFiles.map((name) => ({ name, size: name === "boot.cfg" ? 11 : 10 }));
  expect(sizeProblems(signed, files)).toEqual(["boot.cfg has 10 bytes, and the release says 11"]);
});
