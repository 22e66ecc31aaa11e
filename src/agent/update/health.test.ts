import { expect, test } from "vitest";
import { type Gate, type GateVerdict, judge, type Look } from "./health.ts";

const limits = { settleMs: 60_000, deadlineMs: 600_000 };
const look = (seconds: number, changed: Partial<Look> = {}): Look => ({
  uptimeMs: seconds * 1000,
  problems: [],
  engine: "12",
  ...changed,
});
const ill = { problems: ["node: failing"] };

/** Looks one after the other, until there is a verdict. */
function watch(looks: readonly Look[]): GateVerdict {
  let gate: Gate = {};
  for (const each of looks) {
    const verdict = judge(gate, each, limits);
    if (verdict.is !== "waiting") return verdict;
    gate = verdict.gate;
  }
  return { is: "waiting", gate };
}

test.each<[string, Look[], GateVerdict["is"]]>([
  ["well for long enough", [look(50), look(100), look(110)], "healthy"],
  ["not for long enough yet", [look(50), look(109)], "waiting"],
  ["not at first", [look(5, ill), look(90), look(150)], "healthy"],
  ["ill in between", [look(50), look(80, ill), look(90), look(111)], "waiting"],
  ["the engine began anew", [look(50), look(100, { engine: "80" }), look(111, { engine: "80" })], "waiting"],
  ["never well", [look(50, ill), look(600, ill)], "unhealthy"],
  ["well, but late", [look(590), look(640)], "unhealthy"],
  ["well at the deadline itself", [look(540), look(600)], "healthy"],
  ["beyond hope", [look(50), look(60, { hopeless: "the engine ended with exit code 78" })], "hopeless"],
])("%s", (_name, looks, verdict) => {
  expect(watch(looks).is).toBe(verdict);
});

test("says what was wrong last", () => {
  expect(watch([look(600, { problems: ["a", "b"] })])).toEqual({ is: "unhealthy", why: "a; b" });
});
