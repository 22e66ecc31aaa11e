// Waiting on a machine: no wait is for ever, and none goes on when the kernel panicked or QEMU died.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../lib/errors.ts";
import { pollMs, type Wait, waitFor } from "../lib/wait.ts";
import { type ConsoleLog, findPanic, lastLines } from "./console.ts";
import { machineFiles } from "./qemu-args.ts";
import { askQmp } from "./qmp.ts";

/** What a wait needs to see of a machine. */
export interface Watched {
  readonly directory: string;
  readonly console: ConsoleLog;
  readonly isRunning: boolean;
}

/** Does something that needs the machine, and throws as soon as the machine is lost. */
export async function watch<T>(machine: Watched, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const untilLost = async (): Promise<never> => {
    for (;;) {
      await checkHealth(machine);
      await sleep(pollMs, undefined, { signal: done.signal });
    }
  };
  try {
    return await Promise.race([work(), untilLost()]);
  } finally {
    done.abort();
  }
}

/** Tries again and again until there is a result. */
export function waitOn<T>(machine: Watched, wait: Wait<T>): Promise<T> {
  // Tried before the health check: a test may wait for the very panic that ends other waits.
  const attempt = (remainingMs: number) => watch(machine, async () => wait.attempt(remainingMs));
  return waitFor(
    { ...wait, attempt },
    { check: () => checkHealth(machine), trouble: (message) => trouble(machine, message) },
  );
}

/** An error with what a person needs to see what went wrong. */
export async function trouble(machine: Watched, message: string): Promise<UserError> {
  const lines = lastLines(machine.console.read(), 15).map((line) => `  | ${line}`);
  const paused = (await isPaused(machine)) ? " (QEMU has paused it: is the host's disk full?)" : "";
  return new UserError([message + paused, "last lines of its console:", ...lines].join("\n"), {
    hint: `see ${machine.console.path}`,
  });
}

async function checkHealth(machine: Watched): Promise<void> {
  const panic = findPanic(machine.console.read());
  if (panic !== undefined) throw await trouble(machine, `the guest's kernel died: ${panic}`);
  if (!machine.isRunning)
    throw await trouble(machine, `QEMU is gone\n${readQemuMessages(machine.directory)}`);
}

/** QEMU's own messages since it was last started; its command line is the line that begins with "+ ". */
function readQemuMessages(directory: string): string {
  const lines = readFileSync(join(directory, machineFiles.qemuLog), "utf8").trimEnd().split("\n");
  return lines.slice(lines.findLastIndex((line) => line.startsWith("+ ")) + 1).join("\n");
}

async function isPaused(machine: Watched): Promise<boolean> {
  if (!machine.isRunning) return false;
  const status = await askQmp(machine.directory, "query-status").catch(() => undefined);
  return typeof status === "object" && status !== null && "status" in status && status.status === "io-error";
}
