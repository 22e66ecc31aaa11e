// The lines in the node's log with which parts begin: init writes them (init/lib/last-words.sh), the agent when it activates, and
// the agent looks for what a system that failed has said. Pure.
import type { Slot } from "./boot-state.ts";

/** What a system on trial is known by in the log. */
export interface TriedSystem {
  readonly version: string;
  readonly slot: Slot;
}

export interface LastWords {
  /** The end of what it said in its boots. */
  readonly text: string;
  /** The last of init's stages that said anything. */
  readonly stage?: string;
}

const BOOT = /^init: KubeSolo OS (\S+), slot ([AB])(, on trial)?$/;
const PANIC = "init: the last words of the kernel before this boot:";
const STAGE = /^init: (\d\d-[a-z-]+): /;

const LAST_WORDS_MAX = 65_536;

export function activatedLine({ version, slot }: TriedSystem): string {
  return `update: ${version}, slot ${slot}, is on trial from the next boot on\n`;
}

/** What a system said in the boots of its last trial, and its kernel's last words; undefined when it said nothing. */
export function findLastWords(log: string, tried: TriedSystem): LastWords | undefined {
  const activated = log.lastIndexOf(activatedLine(tried));
  const parts = splitLog(activated < 0 ? log : log.slice(activated));
  const isIts = ([first = ""]: readonly string[]) => first === PANIC || isTrialOf(first, tried);
  // What comes after is the old system's.
  const its = parts.filter(isIts);
  if (its.length === 0) return undefined;
  const lines = its.flat();
  const stage = lines.flatMap((line) => STAGE.exec(line)?.[1] ?? []).at(-1);
  const text = lines.join("\n").trimEnd();
  return { text: `${text.slice(-LAST_WORDS_MAX)}\n`, ...(stage === undefined ? {} : { stage }) };
}

function isTrialOf(line: string, { version, slot }: TriedSystem): boolean {
  const [, of, where, trial] = BOOT.exec(line) ?? [];
  return of === version && where === slot && trial !== undefined;
}

/** Each part begins with its own line; what comes before the first is one, too. */
function splitLog(log: string): string[][] {
  const parts: string[][] = [[]];
  for (const line of log.split("\n")) {
    if (line === PANIC || BOOT.test(line)) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}
