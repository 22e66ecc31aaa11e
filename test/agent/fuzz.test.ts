// Files that nobody wrote: the cases, spoiled by a seeded generator. Whatever comes out is a decision or says what is wrong,
// soon, and never a throw. FUZZ_SEED and FUZZ_RUNS look elsewhere or longer.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { reportOn } from "../../src/agent/cloud-init/verdict.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";
import { makeRandom, type Random } from "../../src/lib/random.ts";
import { readCase } from "./cases.ts";
import { mutations } from "./mutations.ts";

const folder = new URL("cases", import.meta.url).pathname;
const cases = readdirSync(folder)
  .sort()
  .map((name) => readCase(join(folder, name)));

const firstSeed = Number(process.env["FUZZ_SEED"] ?? 1);
const runs = Number(process.env["FUZZ_RUNS"] ?? 400);
/** A hundred times what the slowest needs, since a machine may be busy. */
const LIMIT_MS = 10_000;

describe.each(Object.keys(mutations))("after a change of %s", (kind) => {
  test("there is a decision, or there are problems", { timeout: 300_000 }, () => {
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const files = spoil(makeRandom(seed), kind as keyof typeof mutations);
      const startedMs = performance.now();
      const { stdout, stderr, isGood } = checked(seed, () =>
        reportOn(files, nodeDecoder, "explain", { isJson: true }),
      );
      expect(performance.now() - startedMs, `seed ${seed}: milliseconds`).toBeLessThan(LIMIT_MS);
      expect(isGood, `seed ${seed}: a decision and no error, or an error`).toBe(!/: error: /.test(stderr));
      expect(stdout === "", `seed ${seed}: a decision is printed`).toBe(!isGood);
      checked(seed, () => reportOn(files, nodeDecoder, "explain"));
    }
  });
});

function spoil(generator: Random, kind: keyof typeof mutations) {
  const original = generator.pick(cases);
  const names = Object.keys(original) as (keyof typeof original)[];
  const spoiled = generator.pick(names);
  const entries = names.map((name) => {
    const { file, content } = original[name] as { file: string; content: Uint8Array };
    return [name, { file, content: name === spoiled ? mutations[kind](generator, content) : content }];
  });
  return Object.fromEntries(entries);
}

function checked<T>(seed: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`seed ${seed} throws`, { cause: error });
  }
}
