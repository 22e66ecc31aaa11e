import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { buildGoProgram } from "./go-program.ts";

const MODULE = "src/image/manifest/golicences";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "go-program-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Compiles a program that says `word`; returns what it says, and when its file was written. */
async function say(word: string): Promise<{ said: string; writtenMs: number }> {
  const overlay = join(folder, "overlay.json");
  const main = join(folder, "main.go");
  writeFileSync(main, `package main\n\nfunc main() { print("${word}") }\n`);
  writeFileSync(overlay, JSON.stringify({ Replace: { [sourcePath(MODULE, "main.go")]: main } }));
  await buildGoProgram({ name: "says", module: MODULE, package: "." }, folder, { overlay });
  const program = join(folder, "says");
  const said = await run(["sh", "-c", `"${program}" 2>&1`]);
  return { said, writtenMs: statSync(program).mtimeMs };
}

test("a program is compiled once, and again when a file that stands in for another has changed", async () => {
  const first = await say("one");
  expect(first.said).toBe("one");
  expect(await say("one")).toEqual(first);
  expect((await say("two")).said).toBe("two");
}, 60_000);
