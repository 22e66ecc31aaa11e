// Ctrl-C while something runs that must be cleaned up first.
import { log } from "./log.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Thrown into whatever is under way; the process then ends by the signal itself, so nobody catches this. */
class Interrupted extends Error {}

export interface Interrupts extends Disposable {
  /** Does some work, but gives up on it when a signal comes. */
  race<T>(work: Promise<T>): Promise<T>;
}

/**
 * Holds signals back until it is disposed of, last of all. Then the first one that came ends this process, as it
 * would have at once: a shell or make sees 130 for Ctrl-C.
 */
export function catchInterrupts(): Interrupts {
  let first: NodeJS.Signals | undefined;
  let interrupt: (error: Error) => void = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = reject;
  });
  interrupted.catch(() => {}); // also when nothing is raced against it
  const receive = (signal: NodeJS.Signals): void => {
    if (first === undefined) log(`\n${signal}: cleaning up`);
    first ??= signal;
    interrupt(new Interrupted(signal));
  };
  for (const signal of signals) process.on(signal, receive);
  return {
    race: (work) => Promise.race([work, interrupted]),
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, receive);
      if (first !== undefined) process.kill(process.pid, first);
    },
  };
}
