// A fixed sample of the files that `make fuzz-config` makes by the million.
import { describe, expect, test } from "vitest";
import { kinds, tryFile } from "./fuzzing.ts";

const RUNS = 300;
/** A hundred times what the slowest needs, since a machine may be busy. */
const LIMIT_MS = 10_000;

describe.each(kinds)("files of the kind %s", (kind) => {
  test("come to a decision or to problems, soon, and show no secret", { timeout: 300_000 }, () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const { fault, milliseconds } = tryFile(kind, seed);
      expect(fault, `${kind}, seed ${seed}`).toBeUndefined();
      expect(milliseconds, `${kind}, seed ${seed}`).toBeLessThan(LIMIT_MS);
    }
  });
});
