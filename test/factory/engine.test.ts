// What the factory promises of the engine's files, checked on the files that it makes.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { sha256 } from "../../src/lib/files.ts";
import { buildPath, repository, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { build, checkPrograms, programs } from "./built-engine.ts";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("the same sources in another folder make the same bytes", async () => {
  const copy = await copySources();
  const directory = await build(copy);
  expect(digests(directory)).toEqual(digests(await build(repository)));
});

test("every program is static, stripped and of this architecture", async () => {
  await checkPrograms(await build(repository), "Advanced Micro Devices X86-64");
});

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

function digests(directory: string): Record<string, string> {
  return Object.fromEntries(
    programs(directory).map((file) => [file, sha256(readFileSync(join(directory, file)))]),
  );
}
