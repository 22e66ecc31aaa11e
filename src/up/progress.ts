// A step that waits: shows for what, and for how long.
import { log } from "../lib/log.ts";

const everyMs = 15_000;

/** Runs `work`, which says again and again what it waits for. */
export async function waitStep<T>(
  name: string,
  work: (say: (what: string) => void) => Promise<T>,
): Promise<T> {
  const startedMs = performance.now();
  const seconds = (digits: number) => ((performance.now() - startedMs) / 1000).toFixed(digits);
  let shownMs = performance.now();
  const say = (what: string): void => {
    const text = `${name}: ${seconds(0)} s, ${what}`.slice(0, (process.stderr.columns || 120) - 1);
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    else if (performance.now() - shownMs > everyMs) {
      shownMs = performance.now();
      log(text);
    }
  };
  say("starting");
  try {
    return await work(say);
  } finally {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    log(`${name.padEnd(34)} ${seconds(1).padStart(6)} s`);
  }
}
