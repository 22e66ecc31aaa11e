import { describe, expect, test } from "vitest";
import { digestTree } from "./content.ts";
import { directory, makeTree, symlink, textFile } from "./tree.ts";

describe("makeTree", () => {
  test("adds the parents and sorts", () => {
    const tree = makeTree([textFile("usr/bin/a", "a"), symlink("bin", "usr/bin")]);
    expect([...tree.keys()]).toEqual(["bin", "usr", "usr/bin", "usr/bin/a"]);
  });

  test("takes the same node twice", () => {
    expect(makeTree([directory("etc"), directory("etc")]).size).toBe(1);
  });

  test.each([
    [
      "two contents at one path",
      [textFile("a", "1"), textFile("a", "2")],
      'two different nodes at image path "a"',
    ],
    [
      "a file under a symlink",
      [symlink("lib", "usr/lib"), textFile("lib/x", "")],
      '"lib/x" lies under "lib"',
    ],
    ["an absolute path", [textFile("/etc/hosts", "")], 'not an image path: "/etc/hosts"'],
    ["a path that climbs out", [textFile("../etc", "")], 'not an image path: "../etc"'],
    ["an empty path", [directory("")], 'not an image path: ""'],
  ])("refuses %s", (_name, entries, message) => {
    expect(() => makeTree(entries)).toThrow(message);
  });
});

describe("digestTree", () => {
  const digest = digestTree(makeTree([textFile("a", "1")]));

  test("is the same for the same tree", () => {
    expect(digestTree(makeTree([textFile("a", "1")]))).toBe(digest);
  });

  test.each([
    ["content", textFile("a", "2")],
    ["mode", textFile("a", "1", 0o600)],
    ["path", textFile("b", "1")],
    ["type", symlink("a", "1")],
  ])("changes with the %s", (_what, entry) => {
    expect(digestTree(makeTree([entry]))).not.toBe(digest);
  });
});
