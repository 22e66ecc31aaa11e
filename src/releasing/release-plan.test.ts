import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import { type Found, newestTag, planRelease, releasedFiles } from "./release-plan.ts";

const product = (version: string, sequence: number) =>
  JSON.stringify({ name: "x", version, release: { sequence, minCompatibleVersion: "0.1.0" } });
const locked = (version: string) =>
  JSON.stringify({
    name: "x",
    version,
    packages: { "": { name: "x", version }, other: { version: "3.0.0" } },
  });

const good: Found = {
  files: {
    "package.json": product("0.1.0", 7),
    "package-lock.json": locked("0.1.0"),
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- New.\n# no heading\n\n## 0.1.0\n\n- Old.\n",
  },
  branch: "main",
  changed: [],
  tags: ["v0.1.0", "before-the-move"],
  lastPackage: product("0.1.0", 7),
};

test("a release changes three files, and has a tag with what is new", () => {
  expect(planRelease("0.2.0", "2026-12-01", good)).toEqual({
    version: "0.2.0",
    sequence: 8,
    tag: "v0.2.0",
    subject: "build: release 0.2.0",
    message: "KubeSolo OS 0.2.0\n\n- New.\n# no heading\n",
    files: {
      "package.json": `${JSON.stringify(JSON.parse(product("0.2.0", 8)), null, 2)}\n`,
      "package-lock.json": `${JSON.stringify(JSON.parse(locked("0.2.0")), null, 2)}\n`,
      "CHANGELOG.md":
        "# Changelog\n\n## Unreleased\n\n## 0.2.0, 2026-12-01\n\n- New.\n# no heading\n\n## 0.1.0\n\n- Old.\n",
    },
  });
});

test("of this repository's own files nothing else changes", () => {
  const files = Object.fromEntries(
    releasedFiles.map((name) => [name, readFileSync(sourcePath(name), "utf8")]),
  );
  const found = { ...good, tags: [], files: files as Found["files"] };
  const { lastPackage: _, ...untagged } = found;
  const plan = planRelease("99.0.0", "2026-12-01", untagged);
  // Right after a release there is nothing to release, which is all that may be wrong.
  if ("problems" in plan) {
    expect(plan.problems.join()).toMatch(/^CHANGELOG\.md says nothing[^,]*$/);
    return;
  }
  const differing = (name: "package.json" | "package-lock.json") => {
    const [before, after] = [files[name] ?? "", plan.files[name]].map((text) => text.split("\n"));
    expect(after).toHaveLength(before?.length ?? 0);
    return after?.filter((line, index) => line !== before?.[index]).map((line) => line.trim());
  };
  expect(differing("package.json")).toEqual([
    '"version": "99.0.0",',
    expect.stringMatching(/^"sequence": \d+,$/),
  ]);
  expect(differing("package-lock.json")).toEqual(['"version": "99.0.0",', '"version": "99.0.0",']);
});

test.each<[string, string, Partial<Found>, RegExp[]]>([
  ["no version", "next", {}, [/"next" is no version/]],
  ["one with build metadata, which isn't later than another", "0.2.0+2", {}, [/is no version/]],
  [
    "the version that is there",
    "0.1.0",
    { tags: [] },
    [/package\.json has the version 0\.1\.0/, /has a section/],
  ],
  ["an earlier one", "0.0.9", { tags: [] }, [/and 0\.0\.9 isn't later/]],
  ["one that is older because of what is behind its -", "0.1.0-rc.1", { tags: [] }, [/isn't later/]],
  ["one that is tagged", "0.2.0", { tags: ["v0.2.0"] }, [/there is a tag v0\.2\.0 already/]],
  ["one before a tag", "0.2.0", { tags: ["v0.10.0", "v0.9.0"] }, [/the newest tag is v0\.10\.0/]],
  [
    "a sequence that went back",
    "0.2.0",
    { lastPackage: product("0.1.0", 9) },
    [/sequence 7, and 0\.1\.0 had 9/],
  ],
  ["another branch", "0.2.0", { branch: "try" }, [/the branch "try", and releases are made of main/]],
  ["changes", "0.2.0", { changed: ["a", "b", "c"] }, [/not all is committed: a and 2 more/]],
  [
    "another version in the lock",
    "0.2.0",
    { files: { ...good.files, "package-lock.json": locked("0.0.9") } },
    [/package-lock\.json isn't of package\.json's version 0\.1\.0/],
  ],
  [
    "all at once",
    "0.1.0",
    { branch: "try", changed: ["a"], files: { ...good.files, "CHANGELOG.md": "" } },
    [/isn't later/, /a tag v0\.1\.0/, /branch/, /committed: a$/, /no line "## Unreleased"/],
  ],
])("refuses %s", (_name, version, change, expected) => {
  const plan = planRelease(version, "2026-12-01", { ...good, ...change });
  const problems = "problems" in plan ? plan.problems : [];
  expect(problems).toHaveLength(expected.length);
  expected.forEach((reason, index) => {
    expect(problems[index]).toMatch(reason);
  });
});

test("no branch is checked out", () => {
  const { branch: _, ...detached } = good;
  expect(planRelease("0.2.0", "2026-12-01", detached)).toEqual({
    problems: ["no branch is checked out, and releases are made of main"],
  });
});

test.each([
  [[], undefined],
  [["other", "v1", "0.3.0"], undefined],
  [["v0.2.0", "v0.10.0", "v0.10.0-rc.1", "v0.9.9"], "v0.10.0"],
])("the newest release of the tags %j is %s", (tags, expected) => {
  expect(newestTag(tags)).toBe(expected);
});
