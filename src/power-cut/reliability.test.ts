import { expect, test } from "vitest";
import { countCuts } from "./reliability.ts";
import type { Result } from "./results.ts";

const result = (cut: number, look: Result["look"], problems: string[] = []): Result => ({
  recorded: "today",
  cut,
  scenario: "trial",
  look,
  objects: cut,
  problems,
});

test("a boundary is survived when nothing was wrong in any look, booted or not", () => {
  const one = [result(1, "offline"), result(1, "ready"), result(2, "offline"), result(2, "stages", ["no"])];
  const other = [result(1, "offline", ["no"]), result(1, "torn"), result(1, "reordered", ["no"])];
  expect(countCuts([one, other])).toEqual({ boundaries: 3, survived: 1, torn_variants: 1 });
});

test("of nothing there is nothing", () => {
  expect(countCuts([[], []])).toEqual({ boundaries: 0, survived: 0, torn_variants: 0 });
});
