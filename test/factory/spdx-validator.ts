// The SPDX project's own validator, in an environment of its own: installed once for the same locked packages.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFile, sha256 } from "../../src/lib/files.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { type RunResult, run, runAnyExit } from "../../src/lib/run.ts";

const LOCK = sourcePath("inputs/spdx-tools.txt");

/** Holds a document against the specification, and every licence in it against SPDX's list. */
export async function validateSpdx(document: string): Promise<RunResult> {
  return runAnyExit([join(await install(), "bin/pyspdxtools"), "--infile", document]);
}

async function install(): Promise<string> {
  const folder = buildPath("cache", `spdx-tools-${sha256(readFileSync(LOCK)).slice(0, 12)}`);
  const done = join(folder, "done");
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  await run(["python3", "-m", "venv", folder], { missingHint: "run `make setup`" });
  const options = ["--quiet", "--require-hashes", "--only-binary=:all:", "--disable-pip-version-check"];
  await run([join(folder, "bin/pip"), "install", ...options, "--requirement", LOCK], {
    failureHint: "check the network; what is installed is kept",
  });
  replaceFile(done, "");
  return folder;
}
