// Every case is a folder: the files of a configuration, and what must come of them. UPDATE=1 writes what does come of them;
// the difference is reviewed like code. The built agent runs the same folders.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTextIfThere } from "../../src/lib/files.ts";
import { type Outcome, readCase, runInNode } from "./cases.ts";

const folder = new URL("cases", import.meta.url).pathname;
const names = readdirSync(folder).sort();

describe("a case folder comes to what it says", () => {
  test.each(names)("%s", (name) => {
    const outcome = runInNode(readCase(join(folder, name)));
    if (process.env["UPDATE"] === "1") replaceExpected(join(folder, name), outcome);
    expect(outcome).toEqual({
      decision: readTextIfThere(join(folder, name, "expected.json")),
      problems: readTextIfThere(join(folder, name, "expected-problems.txt")),
    });
  });
});

test("a third of the cases are bad input", () => {
  const bad = names.filter((name) => readTextIfThere(join(folder, name, "expected.json")) === undefined);
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(bad.length).toBeGreaterThanOrEqual(Math.floor(names.length / 3));
});

function replaceExpected(path: string, { decision, problems }: Outcome): void {
  for (const [file, text] of [
    ["expected.json", decision],
    ["expected-problems.txt", problems],
  ] as const) {
    if (text === undefined) rmSync(join(path, file), { force: true });
    else writeFileSync(join(path, file), text);
  }
}
