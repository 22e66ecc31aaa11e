// One try of the fuzzing of configurations: a file that nobody wrote, and what must hold of what is said about it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import type { SourceFiles } from "../../src/agent/cloud-init/files.ts";
import { reportOn } from "../../src/agent/cloud-init/verdict.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";
import { makeRandom, type Random } from "../../src/lib/random.ts";
import { readCase } from "./cases.ts";
import { mutations } from "./mutations.ts";
import { SECRET, secretFile } from "./secret-files.ts";

export type Kind = keyof typeof mutations | "secrets";
export const kinds = ["secrets", ...Object.keys(mutations)] as Kind[];

const folder = new URL("cases", import.meta.url).pathname;
/** Of one that is refused for its size a hundred others could be tried: limits.test.ts has such. */
const MAX_BYTES = 16 * 1024;
const cases = readdirSync(folder)
  .sort()
  .map((name) => readCase(join(folder, name)))
  .filter((files) => Object.values(files).every(({ content }) => content.length <= MAX_BYTES));

export interface Try {
  /** What is wrong with what came out; undefined: nothing. */
  readonly fault?: string;
  readonly milliseconds: number;
}

export function tryFile(kind: Kind, seed: number): Try {
  const generator = makeRandom(seed);
  const files = kind === "secrets" ? named(secretFile(generator)) : spoil(generator, kind);
  const startedMs = performance.now();
  let told: ReturnType<typeof reportOn>[];
  try {
    told = [withinLimit(() => reportOn(files, nodeDecoder, "explain"))];
  } catch (error) {
    return { fault: `throws ${error instanceof Error ? error.stack : error}`, milliseconds: 0 };
  }
  const milliseconds = performance.now() - startedMs;
  const fault = faultOf(told, kind);
  return { milliseconds, ...(fault !== undefined && { fault }) };
}

/** What never ends would end the fuzzing, too, without a word. */
const HANGS_MS = 60_000;
const within = globalThis as { work?: () => unknown };
const script = new Script("work()");

function withinLimit<T>(work: () => T): T {
  within.work = work;
  return script.runInThisContext({ timeout: HANGS_MS }) as T;
}

function faultOf(told: readonly ReturnType<typeof reportOn>[], kind: Kind): string | undefined {
  for (const { stdout, stderr, isGood } of told) {
    if (isGood === /: error: /.test(stderr)) return "a decision and an error, or neither";
    if ((stdout === "") === isGood) return "a decision that isn't printed, or one that shouldn't be";
    if (kind === "secrets" && (stdout + stderr).includes(SECRET))
      return `a secret is shown: ${stdout}${stderr}`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\0-\x09\x0b-\x1f\x7f-\x9f]/.test(stdout + stderr)) return "control characters";
  }
  return undefined;
}

function named(text: string): SourceFiles {
  return { "user-data": { file: "user-data", content: Buffer.from(text) } };
}

function spoil(generator: Random, kind: keyof typeof mutations): SourceFiles {
  const original = generator.pick(cases);
  const names = Object.keys(original) as (keyof typeof original)[];
  const spoiled = generator.pick(names);
  const entries = names.map((name) => {
    const { file, content } = original[name] as { file: string; content: Uint8Array };
    return [name, { file, content: name === spoiled ? mutations[kind](generator, content) : content }];
  });
  return Object.fromEntries(entries);
}
