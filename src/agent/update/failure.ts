// What ends an update in an orderly way, and is told as it is.
import { isHostFailure } from "../expected.ts";
import type { Host, HostFailure } from "../host.ts";

export class UpdateFailure extends Error {
  /** What would help, if anything does. */
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Whether it is no bug: an update's own reason, or what the world refuses. */
export function isTold(error: unknown): error is UpdateFailure | HostFailure {
  return error instanceof UpdateFailure || isHostFailure(error);
}

/** Runs a program that must succeed; what it printed. */
export function runOrFail(host: Host, args: readonly string[], timeoutMs = 60_000): string {
  const { exitCode, isTimedOut, stdout, stderr } = host.run(args, { timeoutMs });
  if (exitCode === 0) return stdout;
  const why = isTimedOut
    ? `it took longer than ${timeoutMs / 1000} s`
    : stderr.trim() || `exit code ${exitCode}`;
  throw new UpdateFailure(`${args[0]}: ${why}`);
}
