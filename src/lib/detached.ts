// Programs that live on when this one ends; whoever looks for one later finds it by its process.
import { spawn } from "node:child_process";
import { findProcess, type ProcessId } from "./process.ts";
import { startError } from "./run.ts";

export interface DetachedOptions {
  /** Working directory, a host path. */
  readonly cwd: string;
  /** An open file for all that it prints. */
  readonly output: number;
  /** In place of this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

export function startDetached(
  args: readonly string[],
  { cwd, output, environment }: DetachedOptions,
): Promise<ProcessId> {
  return new Promise((resolve, reject) => {
    const [program = "", ...rest] = args;
    // Its own session: Ctrl-C at our terminal is ours to act on, not the program's.
    const child = spawn(program, rest, {
      cwd,
      detached: true,
      ...(environment !== undefined && { env: environment }),
      stdio: ["ignore", output, output],
    });
    child.on("error", (error) => reject(startError(program, error)));
    child.on("spawn", () => {
      child.unref();
      // It may be gone already, as when it refuses its arguments: whoever waits for it will see that.
      resolve(findProcess(child.pid ?? 0) ?? { pid: child.pid ?? 0, startTicks: -1 });
    });
  });
}
