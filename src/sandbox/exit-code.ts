// The exit code that the engine's launcher leaves in a file: the engine is no child of whoever attaches to a sandbox.
import { readTextIfThere } from "../lib/files.ts";
import { waitFor } from "../lib/wait.ts";

/** Undefined while the engine runs, and a moment longer. */
function readExitCode(path: string): string | undefined {
  return readTextIfThere(path)?.trim() || undefined;
}

export function waitForExitCode(path: string): Promise<string> {
  return waitFor({
    what: () => `the engine's exit code in "${path}"`,
    timeoutMs: 5000,
    attempt: () => readExitCode(path),
    everyMs: 10,
  });
}
