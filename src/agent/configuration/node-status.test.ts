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
  expect(nodeCondition({ ...good, ...change }, "2026-01-01T00:00:00Z")).toMatchObject({
    status: { conditions: [{ type: "NodeConfiguration", ...expected }] },
  });
});

test("a long message is cut", () => {
  const text = JSON.stringify(nodeCondition({ ...good, refusals: ["x".repeat(5000)] }, ""));
  expect(text.length).toBeLessThan(1300);
});

test("what is wrong is an event of the node, too: one a boot", () => {
  const report: Report = { ...good, uses: "last good", refusals: ["line 3: bad"], appliedMs: 255 };
  expect(nodeEvent(report, "edge-7", "2026-01-01T00:00:00Z")).toMatchObject({
    metadata: { name: "edge-7.configuration-ff", namespace: "default" },
    involvedObject: { kind: "Node", name: "edge-7" },
    type: "Warning",
    reason: "LastGoodUsed",
    message: "line 3: bad",
  });
});

test("there is no event when all is well", () => {
  expect(nodeEvent(good, "edge-7", "2026-01-01T00:00:00Z")).toBeUndefined();
});

test.each([
  ["new labels", { b: "2", a: "1" }, [], ["a=1", "b=2"]],
  ["one that is gone is taken away", { a: "1" }, ["a", "b"], ["a=1", "b-"]],
  ["none", {}, [], []],
])("%s", (_name, wanted, before, words) => {
  expect(labelWords(wanted, before)).toEqual(words);
});
