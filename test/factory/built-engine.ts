// The engine's files, as tests of the factory build and look at them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { repository } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";

/** Builds the engine with the recipe of a checkout; returns the folder of its files. */
export async function build(checkout: string, ...args: string[]): Promise<string> {
  const gitDirectory = (await run(["git", "rev-parse", "--absolute-git-dir"], { cwd: repository })).trim();
  const printed = await run([join(checkout, "bin/kubesolo-os"), "engine", ...args], {
    cwd: checkout,
    env: { GIT_DIR: gitDirectory },
  });
  return printed.trim();
}

/** Paths in a folder of files, sorted. */
export function programs(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(directory.length), entry.name))
    .sort();
}

/** Looks at every program: static, stripped and of the machine that readelf(1) calls so. */
export async function checkPrograms(directory: string, machine: string): Promise<void> {
  for (const file of programs(directory)) {
    const facts = await run([
      "readelf",
      "--wide",
      "--file-header",
      "--section-headers",
      join(directory, file),
    ]);
    expect(facts, file).toContain(machine);
    expect(facts, file).not.toMatch(/\.(interp|symtab|debug_info)\b/);
  }
}
