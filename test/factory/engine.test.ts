// What the factory promises of the engine's files, checked on the files that it makes.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { sha256 } from "../../src/lib/files.ts";
import { buildPath, repository, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("the same sources in another folder make the same bytes", async () => {
  const copy = await copySources();
  const directory = await build(copy);
  expect(digests(directory)).toEqual(digests(await build(repository)));
});

describe.each([
  ["amd64", "Advanced Micro Devices X86-64"],
  ["arm64", "AArch64"],
])("for %s", (architecture, machine) => {
  test("every program is static, stripped and of that architecture", async () => {
    const directory = await build(repository, "--arch", architecture);
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
  });
});

/** Builds the engine with the recipe of a checkout; returns the folder of its files. */
async function build(checkout: string, ...args: string[]): Promise<string> {
  const gitDirectory = (await run(["git", "rev-parse", "--absolute-git-dir"], { cwd: repository })).trim();
  const printed = await run([join(checkout, "bin/kubesolo-os"), "engine", ...args], {
    cwd: checkout,
    env: { GIT_DIR: gitDirectory },
  });
  return printed.trim();
}

/** All that git would commit, with its own caches but for the downloads. */
async function copySources(): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), "kubesolo-os-"));
  folders.push(copy);
  const files = await run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
  });
  for (const file of files.split("\0").filter((name) => name !== "")) {
    cpSync(sourcePath(file), join(copy, file), { recursive: true });
  }
  symlinkSync(sourcePath("node_modules"), join(copy, "node_modules"));
  mkdirSync(join(copy, "build/cache"), { recursive: true });
  symlinkSync(buildPath("cache/debian"), join(copy, "build/cache/debian"));
  return copy;
}

function programs(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(directory.length), entry.name))
    .sort();
}

function digests(directory: string): Record<string, string> {
  return Object.fromEntries(
    programs(directory).map((file) => [file, sha256(readFileSync(join(directory, file)))]),
  );
}
