// A small, fixed sample of each; `make fuzz` has many.
import { describe, expect, test } from "vitest";
import { nodeByteMath } from "../node-math.ts";
import { runBatch } from "./batch.ts";
import { makeCorpus } from "./corpus.ts";
import { fuzzTargetNames, fuzzTargets } from "./targets/targets.ts";

const corpus = makeCorpus();
const tools = { math: nodeByteMath, clockMs: () => performance.now() };
/** Those that go through whole commands take longer. */
const fewer: readonly string[] = ["apply", "site", "books"];

describe("spoiled inputs come to a value or a refusal", () => {
  test.each(fuzzTargetNames)("%s", { timeout: 60_000 }, (name) => {
    const count = fewer.includes(name) ? 150 : 1000;
    const { defects, taken } = runBatch(fuzzTargets[name], corpus[name], { seed: 1, from: 0, count }, tools);
    expect(defects).toEqual([]);
    // Not all of them end at the door.
    expect(taken).toBeGreaterThan(count / 100);
  });
});
