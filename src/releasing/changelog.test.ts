import { expect, test } from "vitest";
import { changelogProblems, formatReleased, parseChangelog } from "./changelog.ts";

const before = `# Changelog

What people notice.

## Unreleased

- **New**: this.
- That, with
  a second line.

## 0.1.0

First.
`;

test("what was unreleased gets the number and the date, and the section above it is empty", () => {
  const changelog = parseChangelog(before);
  expect(changelog?.unreleased).toBe("- **New**: this.\n- That, with\n  a second line.");
  const after = changelog && formatReleased(changelog, "0.2.0", "2026-12-01");
  expect(after).toBe(before.replace("## Unreleased\n\n", "## Unreleased\n\n## 0.2.0, 2026-12-01\n\n"));
  expect(parseChangelog(after ?? "")?.unreleased).toBe("");
});

test("the first release has nothing below it", () => {
  const changelog = parseChangelog("# Changelog\n\n## Unreleased\n- one\n");
  expect(changelog && formatReleased(changelog, "1.0.0", "2026-12-01")).toBe(
    "# Changelog\n\n## Unreleased\n\n## 1.0.0, 2026-12-01\n\n- one\n",
  );
});

test.each([
  ["all is there", before, "0.2.0", []],
  ["nothing is told", "## Unreleased\n\n## 0.1.0\n\n- old\n", "0.2.0", [/says nothing/]],
  ["only words, no entry", "## Unreleased\n\nSoon.\n", "0.2.0", [/says nothing/]],
  ["no such section", "# Changelog\n\n## 0.1.0\n- old\n", "0.2.0", [/no line "## Unreleased"/]],
  ["the section is there twice", "## Unreleased\n- a\n## Unreleased\n- b\n", "0.2.0", [/more than one/]],
  ["the version is there", before, "0.1.0", [/has a section 0\.1\.0 already/]],
  [
    "the version is there with its date",
    "## Unreleased\n- a\n## 0.3.0, 2026-01-01\n",
    "0.3.0",
    [/a section/],
  ],
  ["a version that begins like another", before.replace("0.1.0", "0.1.01"), "0.1.0", []],
  ["both", "## Unreleased\n\n## 0.1.0\n", "0.1.0", [/says nothing/, /has a section/]],
])("%s", (_name, text, version, expected) => {
  const problems = changelogProblems(parseChangelog(text), version);
  expect(problems).toHaveLength(expected.length);
  expected.forEach((reason, index) => {
    expect(problems[index]).toMatch(reason);
  });
});
