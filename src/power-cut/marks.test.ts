import { expect, test } from "vitest";
import { acknowledgedAt, type Mark, scenarioAt } from "./marks.ts";

const marks: Mark[] = [
  { is: "begin", at: 0, scenario: "first-boot" },
  { is: "acknowledged", at: 10, name: "one" },
  { is: "begin", at: 12, scenario: "writes" },
  { is: "acknowledged", at: 20, name: "two" },
  { is: "forgets", at: 30, names: ["two"] },
  { is: "begin", at: 30, scenario: "restore" },
];

test.each([
  ["before anything was said", 9, "first-boot", []],
  ["as soon as it was said", 10, "first-boot", ["one"]],
  ["a scenario begins", 12, "writes", ["one"]],
  ["with all of them", 29, "writes", ["one", "two"]],
  ["when one may go", 30, "restore", ["one"]],
] as const)("a cut %s", (_, cut, scenario, names) => {
  expect(scenarioAt(marks, cut)).toBe(scenario);
  expect(acknowledgedAt(marks, cut)).toEqual(names);
});

test("before a life began there is no scenario", () => {
  expect(scenarioAt([], 3)).toBeUndefined();
});
