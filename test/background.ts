// A program that runs beside a test.
import { type RunOptions, runAnyExit } from "../src/lib/run.ts";

export interface Background extends AsyncDisposable {
  readonly isRunning: boolean;
}

/** Disposing of it ends the program with SIGTERM, and throws if it could not be started. */
export function runBeside(args: readonly string[], options: Pick<RunOptions, "outputFile"> = {}): Background {
  const end = new AbortController();
  let isRunning = true;
  const ended = runAnyExit(args, { ...options, signal: end.signal }).finally(() => {
    isRunning = false;
  });
  ended.catch(() => {}); // thrown when it is disposed of
  return {
    get isRunning() {
      return isRunning;
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await ended;
    },
  };
}
