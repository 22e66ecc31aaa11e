import { expect, test } from "vitest";
import { labelWords, nodeCondition, nodeEvent } from "./node-status.ts";
import type { Report } from "./report.ts";

const good: Report = {
  uses: "found",
  origin: "CIDATA (/dev/sr0)",
  appliedMs: 0,
  refusals: [],
  warnings: [],
  problems: [],
  isOnlineDone: false,
};

test.each<[string, Partial<Report>, object]>([
  ["all is well", {}, { status: "True", reason: "Applied", message: "from CIDATA (/dev/sr0)" }],
  [
    "some of it has no effect here",
    { warnings: ["packages: no effect", "snap: no effect"] },
    {
      status: "True",
      reason: "AppliedWithWarnings",
      message: "from CIDATA (/dev/sr0); packages: no effect; snap: no effect",
    },
  ],
  [
    "more of it than anyone reads",
    { warnings: ["w".repeat(2000)] },
    { status: "True", message: expect.stringMatching(/^.{999}…$/) },
  ],
  [
    "something was refused when it was carried out",
    { problems: ["swap: no room", "b"] },
    { status: "False", reason: "PartlyApplied", message: "swap: no room; b" },
  ],
  [
    "a bad file, and the last good one instead",
    { uses: "last good", refusals: ["line 3: bad"] },
    { status: "False", reason: "LastGoodUsed", message: "line 3: bad" },
  ],
  [
    "no file at all is fine",
    { uses: "defaults", origin: "built-in defaults" },
    { status: "True", reason: "DefaultsUsed" },
  ],
  [
    "a bad file and nothing else",
    { uses: "defaults", refusals: ["x"] },
    { status: "False", reason: "DefaultsUsed" },
  ],
])("%s", (_name, change, expected) => {
  expect(nodeCondition({ ...good, ...change })).toMatchObject({ type: "NodeConfiguration", ...expected });
});

test("what is wrong is an event of the node, too: one a boot", () => {
  const report: Report = { ...good, uses: "last good", refusals: ["line 3: bad"], appliedMs: 255 };
  const event = { id: "configuration-ff", type: "Warning", reason: "LastGoodUsed", message: "line 3: bad" };
  expect(nodeEvent(report, 7)).toEqual({ ...event, atMs: 7 });
});

test("there is no event when all is well", () => {
  expect(nodeEvent(good, 0)).toBeUndefined();
});

test.each([
  ["new labels", { b: "2", a: "1" }, [], ["a=1", "b=2"]],
  ["one that is gone is taken away", { a: "1" }, ["a", "b"], ["a=1", "b-"]],
  ["none", {}, [], []],
])("%s", (_name, wanted, before, words) => {
  expect(labelWords(wanted, before)).toEqual(words);
});
