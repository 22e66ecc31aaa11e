import { expect, test } from "vitest";
import { describeOutcome, judge, replaceResult, resultSection } from "./outcome.ts";
import type { SpecResult } from "./report.ts";

const result = (name: string, state: SpecResult["state"]): SpecResult => ({
  name,
  state,
  message: state === "passed" ? "" : `${name} is ${state}\nmore`,
  seconds: 1,
});

const results = [result("a", "passed"), result("b", "failed"), result("c", "skipped"), result("d", "passed")];
const exceptions = [
  { name: "c", reason: "needs two nodes" },
  { name: "d", reason: "needs a cloud" },
  { name: "e", reason: "was not run" },
];
const outcome = judge(results, exceptions);

test("a spec that does not pass is excepted or a surprise", () => {
  expect(outcome.passed.map(({ name }) => name)).toEqual(["a", "d"]);
  expect(outcome.excepted).toMatchObject([{ name: "c", reason: "needs two nodes" }]);
  expect(outcome.surprises.map(({ name }) => name)).toEqual(["b"]);
});

test("an exception whose spec passes is outdated; one that was not run isn't", () => {
  expect(outcome.outdated.map(({ name }) => name)).toEqual(["d"]);
});

test("a terminal gets what did not pass, and the counts last", () => {
  const lines = describeOutcome(outcome).split("\n");
  expect(lines.slice(0, 2)).toEqual(["failed: b", "    b is failed"]);
  expect(lines.at(-1)).toBe("2 passed, 1 failed, 1 known not to pass");
});

test("the document keeps what is before its result", () => {
  const section = resultSection(outcome, "v1.2.3");
  expect(section).toContain("Kubernetes v1.2.3: **2 of 4 specs pass.**");
  expect(section).toContain("| c | needs two nodes |");
  expect(section).toContain("| b | **b is failed** |");
  expect(replaceResult("# Title\n\n## Result\n\nold\n", section)).toBe(`# Title\n\n${section}`);
  expect(() => replaceResult("# Title\n", section)).toThrow("no heading");
});

test("no table when all pass", () => {
  expect(resultSection(judge([result("a", "passed")], []), "v1")).toBe(
    "## Result\n\nKubernetes v1: **1 of 1 specs pass.**\n",
  );
});
