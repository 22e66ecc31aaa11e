import { expect, test } from "vitest";
import { type Step, WHOLE } from "../proof/simulator/step.ts";
import { brokenPromises, unsettled } from "./promises.ts";
import type { Seen } from "./seen.ts";

const cut = WHOLE;
const confirmed: Seen = {
  running: "A",
  state: { generation: 3, activeSlot: "A", floor: 2, reason: "confirmed" },
  note: undefined,
  quarantine: ["0.1.2"],
  history: [],
};
const back = { generation: 4, activeSlot: "B", floor: 2, reason: "rollback" } as const;
const inB: Seen = { ...confirmed, running: "B", state: back };
const waiting: Seen = {
  ...confirmed,
  state: { generation: 4, activeSlot: "B", trial: 3, floor: 2, reason: "activated" },
};
const boot: Step = { do: "boot", cut };
const apply: Step = { do: "apply", back: 0, again: false, cut };
const taken: Seen = { ...confirmed, note: "0.1.2 B writing" };

test.each<[string, Seen, Step, Seen, boolean, RegExp | undefined]>([
  ["nothing happens", confirmed, boot, confirmed, false, undefined],
  ["a confirmed slot is left", confirmed, boot, inB, false, /left on evidence alone: A for B/],
  ["a confirmed slot that has rotted is left", confirmed, boot, inB, true, undefined],
  [
    "somebody goes back, and the power goes",
    confirmed,
    { do: "roll back", again: false, cut: 2 },
    inB,
    false,
    undefined,
  ],
  ["what waits is started", waiting, boot, { ...waiting, running: "B" }, false, undefined],
  ["a confirmed slot is left while nothing is watched", confirmed, { do: "watch", cut }, inB, false, /for B/],
  ["nothing is started", confirmed, boot, { ...confirmed, running: undefined }, false, /a slot starts/],
  ["no copy counts", confirmed, boot, { ...confirmed, state: undefined }, false, /a copy of the state/],
  ["the floor falls", inB, boot, { ...inB, state: { ...back, floor: 1 } }, false, /never falls: 1 after 2/],
  ["what failed is taken again", confirmed, apply, taken, false, /isn't taken again by itself: 0\.1\.2/],
  ["a person takes it again", confirmed, { ...apply, again: true }, taken, false, undefined],
  ["it is there already", taken, apply, taken, false, undefined],
])("%s", (_, before, step, after, hasRotted, problem) => {
  const broken = brokenPromises(before, step, after, hasRotted);
  if (problem === undefined) expect(broken).toEqual([]);
  else expect(broken.join("; ")).toMatch(problem);
});

test.each<[string, Seen, boolean]>([
  ["a confirmed slot that runs", confirmed, true],
  ["a trial that waits", waiting, false],
  ["a trial that runs", { ...waiting, running: "B" }, false],
  ["a way back that waits", { ...inB, running: "A" }, false],
  ["an update of which nobody says what became", { ...confirmed, note: "0.1.3 B activated" }, false],
])("a life ends with %s: %s", (_, seen, isSettled) => {
  expect(unsettled(seen)).toHaveLength(isSettled ? 0 : 1);
});
