// What a program prints, while it still runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startError } from "./run.ts";
import type { Limit } from "./wait.ts";

/** The lines on its standard output. It is ended when the limit is over, and when nobody reads on. */
export async function* readLines(args: readonly string[], { timeoutMs }: Limit): AsyncGenerator<string> {
  const [program = "", ...rest] = args;
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "ignore"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const closed = once(child, "close");
  closed.catch(() => {}); // its error is thrown below, when its lines have been read
  try {
    yield* createInterface({ input: child.stdout });
  } finally {
    child.kill("SIGKILL");
    await closed.catch((error: Error) => {
      throw startError(program, error);
    });
  }
}
