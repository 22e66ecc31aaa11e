// Waiting for what happens by itself: never for ever, and an error says what was waited for.
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "./errors.ts";

export interface Limit {
  readonly timeoutMs: number;
}

export interface Wait<T> extends Limit {
  /** What is waited for, for the error. */
  readonly what: () => string;
  /** The result, or undefined for "not yet". */
  readonly attempt: (remainingMs: number) => T | undefined | Promise<T | undefined>;
  readonly everyMs?: number;
}

/** Who looks after what one waits on, such as a machine. */
export interface Watcher {
  /** Throws when nothing can come of it any more; asked after each attempt without a result. */
  readonly check?: () => void | Promise<void>;
  /** Makes the error of a wait that was in vain: it can tell more. */
  readonly trouble?: (message: string) => Error | Promise<Error>;
}

export const pollMs = 250;

/** Tries again and again until there is a result. */
export async function waitFor<T>(wait: Wait<T>, { check, trouble }: Watcher = {}): Promise<T> {
  const deadline = Date.now() + wait.timeoutMs;
  const everyMs = wait.everyMs ?? pollMs;
  for (;;) {
    const result = await wait.attempt(Math.max(deadline - Date.now(), pollMs));
    if (result !== undefined) return result;
    await check?.();
    if (Date.now() >= deadline) {
      const message = `waited ${wait.timeoutMs / 1000} s for ${wait.what()}`;
      throw (await trouble?.(message)) ?? new UserError(message);
    }
    await sleep(everyMs);
  }
}

/** Looks again and again until it is so, or the time is up: says whether it is so. */
export async function becomesTrue(
  isSo: () => boolean,
  { timeoutMs, everyMs = pollMs }: Limit & Pick<Wait<true>, "everyMs">,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!isSo()) {
    if (Date.now() >= deadline) return false;
    await sleep(everyMs);
  }
  return true;
}
