// Progress on stderr, one line an event; results go to stdout and never through here.

let verbose = false;

/** Turns on the output of every program that is run (`--verbose`). */
export function setVerbose(on: boolean): void {
  verbose = on;
}

export function isVerbose(): boolean {
  return verbose;
}

/** One line of progress. */
export function log(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Runs one step of a recipe and prints its name and how many seconds it took. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const done = showRunning(name);
  try {
    return await work();
  } finally {
    done();
    log(`${name.padEnd(34)} ${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s`);
  }
}

/** On a terminal, shows the step that is under way; the finished line takes its place. */
function showRunning(name: string): () => void {
  if (!process.stderr.isTTY || verbose) return () => {};
  process.stderr.write(`${name} …`);
  return () => process.stderr.write("\r\x1b[K");
}
