import { expect, test } from "vitest";
import { type Gate, type GateVerdict, isWaitedFor, judge, type Look } from "./gate.ts";

const limits = { settleMs: 60_000, deadlineMs: 600_000 };
const look = (seconds: number, changed: Partial<Look> = {}): Look => ({
  uptimeMs: seconds * 1000,
  problems: [],
  run: "12 0",
  ...changed,
});
const ill = { problems: ["node: failing"] };

/** Looks one after the other, until there is a verdict; `isPatient`: a good one isn't taken before the deadline. */
function watch(looks: readonly Look[], isPatient = false): GateVerdict {
  let gate: Gate = {};
  for (const each of looks) {
    const verdict = judge(gate, each, limits);
    if ("why" in verdict) return verdict;
    if (verdict.is === "healthy" && !isWaitedFor(isPatient ? ["x"] : [], each, limits)) return verdict;
    gate = verdict.gate;
  }
  return { is: "waiting", gate };
}

test.each<[string, Look[], GateVerdict["is"]]>([
  ["well for long enough", [look(50), look(100), look(110)], "healthy"],
  ["not for long enough yet", [look(50), look(109)], "waiting"],
  ["not at first", [look(5, ill), look(90), look(150)], "healthy"],
  ["ill in between", [look(50), look(80, ill), look(90), look(111)], "waiting"],
  ["the engine began anew", [look(50), look(100, { run: "80 0" }), look(111, { run: "80 0" })], "waiting"],
  ["a container of the system began anew", [look(50), look(100, { run: "12 1" }), look(111)], "waiting"],
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

test.each<[string, Look[], GateVerdict["is"]]>([
  ["no longer than the deadline", [look(50), look(120), look(600)], "healthy"],
  ["as long as the deadline isn't there", [look(50), look(120), look(599)], "waiting"],
  ["though the system was ill in between", [look(50), look(120), look(570, ill), look(600)], "healthy"],
  ["though not onto a system that is ill then", [look(50), look(120), look(600, ill)], "unhealthy"],
  ["on a system that was well for too short a time", [look(590), look(600)], "unhealthy"],
])("people's pods are waited for, %s", (_name, looks, verdict) => {
  expect(watch(looks, true).is).toBe(verdict);
});
