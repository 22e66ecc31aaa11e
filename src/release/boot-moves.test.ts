// The table's promises. That GRUB's script does the same: test/factory/boot-moves.test.ts.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import { type BootDecision, bootMoves, type Choice, type Copy, decideBoot } from "./boot-moves.ts";
import type { BootState, Slot } from "./boot-state.ts";

const confirmed: BootState = { generation: 7, activeSlot: "A", floor: 12, reason: "confirmed" };
const onTrial: BootState = { ...confirmed, generation: 8, activeSlot: "B", trial: 3, reason: "activated" };
const good = (state: BootState): Copy => ({ state, isWritable: true });
const lost: Copy = { state: undefined, isWritable: false };
const both = { A: true, B: true };

/** Boots again and again, with what each wrote, until `times` are over. */
function bootInARow(copies: [Copy, Copy], verifies: Record<Slot, boolean>, times: number): BootDecision[] {
  return Array.from({ length: times }, () => {
    const decision = decideBoot(copies, verifies);
    if (decision.write !== undefined) copies[decision.write.copy] = good(decision.write.state);
    return decision;
  });
}

test("a confirmed slot is never left by power cuts, and nothing is written", () => {
  const boots = bootInARow([good(confirmed), good(confirmed)], both, 10);
  expect(boots).toEqual(Array.from({ length: 10 }, () => ({ slot: "A" })));
});

test("a slot on trial is tried three times, then the other one returns for good", () => {
  const boots = bootInARow([good(confirmed), good(onTrial)], both, 6);
  expect(boots.map(({ slot }) => slot).join("")).toBe("BBBAAA");
  expect(boots.map(({ reason }) => reason)).toEqual([
    undefined,
    undefined,
    undefined,
    "tries-exhausted",
    undefined,
    undefined,
  ]);
  expect(boots[3]?.write?.state).toEqual({ ...confirmed, generation: 8, reason: "tries-exhausted" });
});

test("each try is written into the older copy, so that a torn write costs no try", () => {
  const copies: [Copy, Copy] = [good(confirmed), good(onTrial)];
  expect(bootInARow(copies, both, 3).map(({ write }) => write?.copy)).toEqual([0, 1, 0]);
});

test("one on trial that doesn't verify is left in the same boot", () => {
  const boots = bootInARow([good(onTrial), good(onTrial)], { A: true, B: false }, 2);
  expect(boots.map(({ slot, reason }) => [slot, reason])).toEqual([
    ["A", "slot-damaged"],
    ["A", undefined],
  ]);
});

test.for([
  [
    "confirmed A, which is damaged",
    [good(confirmed), good(confirmed)],
    { A: false, B: true },
    "B slot-damaged",
  ],
  ["no copy of the state", [lost, lost], both, "A state-lost"],
  ["no copy of the state, and A is damaged", [lost, lost], { A: false, B: true }, "B state-lost"],
  ["one copy", [lost, good(onTrial)], both, "B "],
  ["a try that can't be counted", [lost, { state: onTrial, isWritable: false }], both, "A slot-damaged"],
  ["… and nothing else verifies", [lost, { state: onTrial, isWritable: false }], { A: false, B: true }, "B "],
  [
    "no tries left, and the old slot is damaged",
    [lost, good({ ...onTrial, trial: 0 })],
    { A: false, B: true },
    "B ",
  ],
  ["nothing verifies", [good(confirmed), good(onTrial)], { A: false, B: false }, " "],
] as const)("%s", ([, copies, verifies, expected]) => {
  const { slot = "", reason = "" } = decideBoot([...copies], verifies);
  expect(`${slot} ${reason}`).toBe(expected);
});

test("docs/updates.md has the table", () => {
  const slots = { active: "the slot that counts", other: "the other one", A: "A", B: "B" };
  const words = { try: "a try less", settled: "that it counts from now on" };
  const row = (situation: string, { slot, writes, reason }: Choice) =>
    `| ${situation} | ${slots[slot]}, if it verifies | ${writes ? words[writes] : ""} | ${reason ?? ""} |\n`;
  const rows = Object.entries(bootMoves).flatMap(([situation, choices]) =>
    choices.map((choice, index) => row(index === 0 ? situation : "", choice)),
  );
  const docs = readFileSync(sourcePath("docs/updates.md"), "utf8");
  const table = /<!-- moves -->\n.*\n.*\n([\s\S]*?)<!-- end -->/.exec(docs)?.[1] ?? "";
  const squeeze = (text: string) => text.replace(/ +/g, " ");
  expect(squeeze(table)).toBe(squeeze(rows.join("")));
});
