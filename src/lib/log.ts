// Progress on stderr, one line an event; results go to stdout and never through here.

let verbose = false;

/** The steps that run, one in another: only the innermost, which is last, shows its seconds. */
const running: object[] = [];

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

/**
 * Runs one step of a recipe and prints its name and how many seconds it took. While it runs, a line on the terminal
 * counts the seconds and shows what the step says of itself; elsewhere such a line appears every half minute.
 */
export async function step<T>(name: string, work: (say: (what: string) => void) => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const seconds = (digits: number) => ((performance.now() - startedMs) / 1000).toFixed(digits);
  const onTerminal = process.stderr.isTTY && !verbose;
  const clear = onTerminal ? "\r\x1b[K" : "";
  let what = "";
  const self = {};
  const show = (): void => {
    if (running.at(-1) !== self) return;
    const text = `${name}: ${seconds(0)} s${what && `, ${what}`}`.slice(
      0,
      (process.stderr.columns || 120) - 1,
    );
    process.stderr.write(`${clear}${text}${onTerminal ? "" : "\n"}`);
  };
  running.push(self);
  if (onTerminal) show();
  const timer = setInterval(show, onTerminal ? 1000 : 30_000);
  const say = (said: string): void => {
    what = said;
  };
  try {
    return await work(say);
  } finally {
    clearInterval(timer);
    running.splice(running.indexOf(self), 1);
    log(`${clear}${name.padEnd(34)} ${seconds(1).padStart(6)} s`);
  }
}
