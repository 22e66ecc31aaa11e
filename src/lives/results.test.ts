import { expect, test } from "vitest";
import { type LifeResult, parseResults } from "./results.ts";

const result: LifeResult = {
  ...{ seed: 3, cuts: false, steps: ["boot"], outcome: "whole", seconds: 61 },
  ...{ commit: "0123456789ab", date: "2026-11-30T21:00:00Z" },
};
const lines = (...results: readonly LifeResult[]) => results.map((each) => JSON.stringify(each)).join("\n");

test("a line that an interruption left half written is none", () => {
  expect(parseResults(`${lines(result)}\n{"seed": 4, "cut`)).toEqual([result]);
});

test("a life that was lived anew counts once, as it came out last", () => {
  const first = { ...result, outcome: "running is B, and A on the model" };
  const longer = { ...result, steps: ["boot", "boot"] };
  expect(parseResults(lines(first, longer, result))).toEqual([result, longer]);
});
