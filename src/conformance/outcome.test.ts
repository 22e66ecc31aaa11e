import { expect, test } from "vitest";
import { describeOutcome, judge, replaceResult, suiteSection } from "./outcome.ts";
import type { SpecResult } from "./report.ts";
import type { Suite } from "./suites.ts";

const result = (
  name: string,
  state: SpecResult["state"],
  message = `${name} is ${state}\nmore`,
): SpecResult => ({
  name,
  state,
  message: state === "passed" ? "" : message,
  seconds: 1,
});

const results = [result("a", "passed"), result("b", "failed"), result("c", "skipped"), result("d", "passed")];
const exceptions = [
  { name: "c", reason: "needs two nodes" },
  { name: "d", reason: "needs a cloud" },
  { name: "e", reason: "was not run" },
];
const suite: Suite = { title: "Some", labels: "", images: [], isStrict: true, omissions: [] };
const outcome = judge(results, exceptions, true);

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

test("only of a strict suite a spec that withdraws did not pass", () => {
  const withdrawing = [
    result("a", "skipped", "needs two | nodes"),
    result("b", "skipped", "Driver local-1 can't do it"),
    result("c", "skipped", 'Driver "other" can\'t do it'),
    result("d", "skipped", `unexpected versions: ${"v1 ".repeat(1000)}`),
  ];
  expect(judge(withdrawing, [], true).surprises).toHaveLength(4);
  const loose = judge(withdrawing, [], false);
  expect(loose.surprises).toEqual([]);
  expect(describeOutcome(loose)).toBe("0 passed, 0 failed, 0 known not to pass, 4 not for such a node");
  const section = suiteSection(suite, loose, "v1");
  expect(section).toContain("| 2 | Driver … can't do it |\n| 1 | needs two \\| nodes |");
  expect(section).toMatch(/\| unexpected versions: (v1 )+… \|/);
});

test("a section says what did not pass, and what was not run", () => {
  const section = suiteSection(
    { ...suite, omissions: [{ pattern: "x|y", reason: "no images" }] },
    outcome,
    "v1.2.3",
  );
  expect(section).toContain("Kubernetes v1.2.3: **2 of 4 specs pass.**");
  expect(section).toContain("| c | needs two nodes |");
  expect(section).toContain("| b | **b is failed** |");
  expect(section).toContain("| `x\\|y` | no images |");
});

test("no table when all pass", () => {
  expect(suiteSection(suite, judge([result("a", "passed")], [], true), "v1").trimEnd()).toBe(
    "### Some\n\nKubernetes v1: **1 of 1 specs pass.**",
  );
});

test("the document keeps what is around a result", () => {
  const document = "# Title\n\n### Some\n\nold\n\n### Other\n\nkept\n";
  expect(replaceResult(document, "Some", "### Some\n\nnew\n\n")).toBe(
    "# Title\n\n### Some\n\nnew\n\n### Other\n\nkept\n",
  );
  expect(replaceResult(document, "Other", "### Other\n\nnew\n")).toBe(
    "# Title\n\n### Some\n\nold\n\n### Other\n\nnew\n",
  );
  expect(() => replaceResult("# Title\n", "Some", "")).toThrow("no heading");
});
