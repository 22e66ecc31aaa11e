// What running systems do to the state. Whole lives of boxes: src/proof/simulator.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import { type Copy, decideBoot } from "./boot-moves.ts";
import { type BootState, MAX_GENERATION, type Slot } from "./boot-state.ts";
import {
  type Event,
  events,
  type Move,
  nextState,
  runMoves,
  type Standing,
  standingOf,
} from "./run-moves.ts";

const confirmed: BootState = { generation: 7, activeSlot: "A", floor: 12, reason: "confirmed" };
const onTrial: BootState = { ...confirmed, generation: 8, activeSlot: "B", trial: 1, reason: "activated" };

test.each<[string, BootState | undefined, Slot, Event, Partial<BootState> | undefined]>([
  [
    "a written slot is activated",
    confirmed,
    "A",
    "activate",
    { activeSlot: "B", trial: 3, reason: "activated" },
  ],
  ["not from a system on trial", onTrial, "B", "activate", undefined],
  ["with a lost state, too", undefined, "B", "activate", { activeSlot: "A", trial: 3 }],
  ["what waits can be activated again", onTrial, "A", "activate", { activeSlot: "B", trial: 3 }],
  ["a healthy one counts, and raises the floor", onTrial, "B", "confirm", { activeSlot: "B", floor: 15 }],
  ["one that counts isn't confirmed again", confirmed, "A", "confirm", undefined],
  ["a try is given back", onTrial, "B", "clean reboot", { activeSlot: "B", trial: 2 }],
  ["never more than there were", { ...onTrial, trial: 3 }, "B", "clean reboot", { trial: 3 }],
  ["nothing is given back without a trial", confirmed, "A", "clean reboot", undefined],
  ["back from a trial", onTrial, "B", "rollback", { activeSlot: "A", reason: "rollback" }],
  ["one that waits is called off", onTrial, "A", "rollback", { activeSlot: "A", reason: "confirmed" }],
  ["beyond hope", onTrial, "B", "unhealthy", { activeSlot: "A", reason: "unhealthy" }],
  ["only on trial", confirmed, "A", "unhealthy", undefined],
  ["a lost state is what runs", undefined, "B", "start", { activeSlot: "B", floor: 0, reason: "state-lost" }],
  ["a slot that took over counts", confirmed, "B", "start", { activeSlot: "B", reason: "slot-damaged" }],
])("%s", (_name, state, running, event, expected) => {
  const next = nextState(state, running, event, 15);
  if (expected === undefined) expect(next).toBeUndefined();
  else expect(next).toMatchObject({ generation: (state?.generation ?? 1) + 1, ...expected });
  if (next?.trial === undefined) expect(Object.keys(next ?? {})).not.toContain("trial");
});

test("generations begin anew after the highest, in a block that counts", () => {
  const next = nextState({ ...confirmed, generation: MAX_GENERATION }, "A", "activate");
  expect(next?.generation).toBe(1);
});

const lost: Copy = { state: undefined, isWritable: false };

describe("docs/updates.md has", () => {
  const docs = readFileSync(sourcePath("docs/updates.md"), "utf8");
  const between = (name: string) =>
    new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)<!-- end -->`).exec(docs)?.[1] ?? "";

  test("what a running system writes", () => {
    const cell = ({ slot, trial, floor }: Move) =>
      `the ${slot === "running" ? "running" : "other"} slot ${trial === undefined ? "counts" : `is on trial, with ${trial === "all" ? "all tries" : "one try more"}`}${floor ? "; the floor is raised" : ""}`;
    const rows = Object.entries(runMoves).flatMap(([event, moves]) => {
      const alike = new Map<string, string[]>();
      for (const [standing, move] of Object.entries(moves)) {
        const does = `${cell(move)} | ${move.reason}`;
        alike.set(does, [...(alike.get(does) ?? []), standing]);
      }
      return [...alike].map(([does, standings]) => `| ${event} | ${standings.join(", ")} | ${does} |\n`);
    });
    expect(between("run-moves")).toBe(
      `| what happens | how the running slot stands | from then on | reason |\n|---|---|---|---|\n${rows.join("")}`,
    );
  });

  test("a picture of both tables", () => {
    expect(between("picture")).toBe(`\`\`\`mermaid\nstateDiagram-v2\n${picture()}\`\`\`\n`);
  });
});

/** All that can follow on each other, while both slots verify or one of them. */
function picture(): string {
  const name = (state: BootState | undefined, running: Slot): Standing => standingOf(state, running);
  const lines = new Set<string>(["  [*] --> confirmed: installed"]);
  const copiesOf = (state: BootState | undefined): [Copy, Copy] =>
    state === undefined
      ? [lost, lost]
      : [
          { state, isWritable: true },
          { state, isWritable: true },
        ];
  const states: (BootState | undefined)[] = [
    undefined,
    confirmed,
    ...([3, 0] as const).map((trial) => ({ ...onTrial, trial })),
  ];
  for (const state of states)
    for (const running of ["A", "B"] as const) {
      // Who hasn't been booted yet has all tries.
      if (state?.trial === 0 && running === "A") continue;
      const from = name(state, running);
      for (const event of events) {
        const next = nextState(state, running, event);
        if (next !== undefined) lines.add(`  ${from} --> ${name(next, running)}: ${event}`);
      }
      for (const verifies of [
        { A: true, B: true },
        { A: true, B: false },
        { A: false, B: true },
      ]) {
        const { slot, reason, write: written } = decideBoot(copiesOf(state), verifies);
        if (slot !== undefined)
          lines.add(
            `  ${from} --> ${name(written?.state ?? state, slot)}: boot${reason === undefined ? "" : `, ${reason}`}`,
          );
      }
    }
  return `${[...lines].join("\n")}\n`;
}
