// What init has to write out by hand is what src/release says.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { ISO_LABEL, partitionNames, UNFINISHED_DATA } from "../../src/release/partitions.ts";

const scripts = readdirSync(sourcePath("init"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));

/** What a pattern finds in all scripts, each once, in order. */
function found(pattern: RegExp): string[] {
  const all = scripts.flatMap((text) => [...text.matchAll(pattern)].map(([match, part]) => part ?? match));
  return [...new Set(all)].sort();
}

test("partitions have the names that the factory gives them", () => {
  expect(found(/\b(?:KSOLO[A-Z]+|BIOSBOOT)\b/g)).toEqual(
    [...partitionNames, UNFINISHED_DATA, ISO_LABEL].sort(),
  );
});
