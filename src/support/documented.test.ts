// docs/support.md lists what a bundle holds and what is measured: all of it, and nothing else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository, sourcePath } from "../lib/paths.ts";
import { supportParts } from "../release/support-bundle.ts";

const page = readFileSync(join(repository, "docs/support.md"), "utf8");

test("each part of a bundle is in it, in the same words", () => {
  const rows = Object.entries(supportParts).map(([name, holds]) => `| \`${name}\` | ${holds} |`);
  expect(rows.filter((row) => !page.includes(`${row}\n`))).toEqual([]);
});

test("each metric of the system is", () => {
  const source = readFileSync(sourcePath("src/agent/metrics/system.ts"), "utf8");
  const names = (text: string) => [...new Set(text.match(/kubesolo_os_\w+/g))];
  expect(names(page)).toEqual(names(source));
});
