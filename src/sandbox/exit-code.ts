// The exit code that the engine's launcher leaves in a file: the engine is no child of whoever attaches to a sandbox.
import { setTimeout as sleep } from "node:timers/promises";
import { readTextIfThere } from "../lib/files.ts";

/** Undefined while the engine runs, and a moment longer. */
export function readExitCode(path: string): string | undefined {
  return readTextIfThere(path)?.trim() || undefined;
}

export async function waitForExitCode(path: string): Promise<string> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const code = readExitCode(path);
    if (code !== undefined) return code;
    if (Date.now() > deadline) throw new Error(`no exit code in "${path}"`);
    await sleep(10);
  }
}
