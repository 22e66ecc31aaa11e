// Waiting on a sandbox: no wait is for ever, and the engine's log tells what went wrong.
import { UserError } from "../lib/errors.ts";
import { becomesTrue, type Limit, type Wait, waitFor } from "../lib/wait.ts";
import { waitForExitCode } from "./exit-code.ts";
import type { sandboxFiles } from "./options.ts";

/** What a wait needs to see of a sandbox. */
export interface Watched {
  readonly isEngineRunning: boolean;
  /** What the engine has printed since its last start. */
  readonly engineLog: string;
  path(name: keyof typeof sandboxFiles): string;
}

/** Tries again and again until there is a result, whether or not there is an engine: it may have been ended on purpose. */
export function waitOn<T>(sandbox: Watched, wait: Wait<T>): Promise<T> {
  return waitFor(wait, { trouble: (message) => trouble(sandbox, message) });
}

/** Waits for the engine's word that all of it is ready; returns the seconds that it says it took. */
export function waitForReady(sandbox: Watched, limit: Limit): Promise<number> {
  const check = async (): Promise<void> => {
    if (sandbox.isEngineRunning) return;
    // Whoever waits for the engine writes it a moment after the engine is gone.
    const code = await waitForExitCode(sandbox.path("exitCode")).catch(() => "unknown");
    throw trouble(sandbox, `the engine ended (exit code ${code}) before it was ready`);
  };
  return waitFor(
    {
      what: () => "the engine to be ready",
      ...limit,
      attempt: () => parseReady(sandbox.engineLog),
      everyMs: 50,
    },
    { check, trouble: (message) => trouble(sandbox, message) },
  );
}

/** Waits for the engine's process to be gone; throws otherwise. */
export async function waitForEnd(sandbox: Watched, limit: Limit, otherwise: string): Promise<void> {
  if (await becomesTrue(() => !sandbox.isEngineRunning, { ...limit, everyMs: 10 })) return;
  throw trouble(sandbox, otherwise);
}

/** An error with what a person needs to see what went wrong. */
export function trouble(sandbox: Watched, message: string): UserError {
  const lines = sandbox.engineLog.trimEnd().split("\n").slice(-15);
  return new UserError(
    [message, "last lines of its log:", ...lines.map((line) => `  | ${line}`)].join("\n"),
    {
      hint: `see ${sandbox.path("engineLog")}`,
    },
  );
}

function parseReady(log: string): number | undefined {
  const ready = /engine: ready in ([\d.]+) s/.exec(log);
  return ready === null ? undefined : Number(ready[1]);
}
