// One test a spec of Kubernetes' own, run all together.
import { beforeAll, expect, test } from "vitest";
import type { SpecResult } from "../../src/conformance/report.ts";

/** A cold compiler's cache takes minutes to fill. */
const compileLimitMs = 3_000_000;

/** Declares the tests; `run` runs the specs of these full names. */
export function testSpecs(specs: readonly string[], run: () => Promise<SpecResult[]>): void {
  let results: SpecResult[] = [];

  beforeAll(async () => {
    results = await run();
  }, compileLimitMs);

  test.each(specs)("%s", (name) => {
    const result = results.find((candidate) => candidate.name === name);
    expect(result, "the spec did not run").toBeDefined();
    expect(result?.message).toBe("");
    expect(result?.state).toBe("passed");
  });

  test("no step around the specs fails", () => {
    expect(results.filter(({ name }) => !specs.includes(name))).toEqual([]);
  });
}
