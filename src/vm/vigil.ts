// Waiting on a machine: no wait is for ever, and none goes on when the kernel panicked or QEMU died.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { pollMs, type Wait, waitFor } from "../lib/wait.ts";
import { type ConsoleLog, findPanics, lastLines } from "./console.ts";
import { machineFiles } from "./qemu-args.ts";
import { askQmp } from "./qmp.ts";

/** What a wait needs to see of a machine. */
export interface Watched {
  readonly directory: string;
  readonly console: ConsoleLog;
  readonly isRunning: boolean;
  readonly isEmulated: boolean;
  readonly isMeasured: boolean;
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
export async function trouble(
  machine: Watched,
  message: string,
  Kind: typeof UserError = UserError,
): Promise<UserError> {
  const lines = lastLines(machine.console.read(), 15).map((line) => `  | ${line}`);
  const paused = (await isPaused(machine)) ? " (QEMU has paused it: is the host's disk full?)" : "";
  return new Kind([message + paused, "last lines of its console:", ...lines].join("\n"), {
    hint: `see ${machine.console.path}`,
  });
}

/** What is measured in this machine is void: emulation made its kernel panic, see console.ts. */
export class EmulationPanic extends UserError {}

/** How many panics of emulation were told, of each console. */
const told = new WeakMap<ConsoleLog, number>();

async function checkHealth(machine: Watched): Promise<void> {
  const { own, emulators } = findPanics(machine.console.read(), machine.isEmulated);
  if (own !== undefined) throw await trouble(machine, `the guest's kernel died: ${own}`);
  if (emulators > 0 && machine.isMeasured)
    throw await trouble(machine, "emulation made the guest's kernel panic", EmulationPanic);
  if (emulators > (told.get(machine.console) ?? 0))
    log(`warning: emulation made a kernel panic, which reboots by itself: ${machine.console.path}`);
  told.set(machine.console, emulators);
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
