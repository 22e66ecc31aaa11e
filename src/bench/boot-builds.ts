// How long builds take for who runs them. Each is a process of its own, which starts knowing nothing.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { imageDirectory } from "../image/profile.ts";
import { step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";

/** In the initramfs and in the root, so that every output holds it. */
const CHANGED = sourcePath("init/lib/base.sh");

/** Every output from nothing but the inputs; their packages are in the cache, and the engine is compiled. */
export async function measureAssembly(): Promise<number> {
  // What is kept for the next build isn't an input either.
  for (const made of [imageDirectory("vm"), buildPath("cache/squashfs")])
    rmSync(made, { recursive: true, force: true });
  return measureBuild("build all outputs anew", "all");
}

/** The disk after a change of the init, and after the change back. */
export async function measureRebuilds(): Promise<number[]> {
  const before = readFileSync(CHANGED, "utf8");
  const seconds: number[] = [];
  try {
    writeFileSync(CHANGED, `${before}# Changed by the benchmark.\n`);
    seconds.push(await measureBuild("build the disk after a change", "disk"));
  } finally {
    writeFileSync(CHANGED, before);
  }
  seconds.push(await measureBuild("build the disk after the change back", "disk"));
  return seconds;
}

async function measureBuild(what: string, output: string): Promise<number> {
  const startedMs = performance.now();
  await step(what, () => run([sourcePath("bin/kubesolo-os"), "build", output]));
  return (performance.now() - startedMs) / 1000;
}
