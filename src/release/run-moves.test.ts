// The whole life of a box on the model: what boots and running systems do to the state, in any order, with damage in between.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import { type Copy, decideBoot } from "./boot-moves.ts";
import { type BootState, MAX_GENERATION, MAX_TRIES, newest, type Slot } from "./boot-state.ts";
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
  ["one that waits is called off", onTrial, "A", "rollback", { activeSlot: "A", reason: "rollback" }],
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

/** A box: its copies of the state, which slots verify, what runs. */
interface Box {
  copies: [Copy, Copy];
  readonly verifies: Record<Slot, boolean>;
  running: Slot | undefined;
  /** Boots of the slot on trial since it was activated, but those that were given back. */
  tries: number;
}

const stateOf = ({ copies }: Box) => newest(copies.map(({ state }) => state));
const lost: Copy = { state: undefined, isWritable: false };

/** The same numbers for the same seed: mulberry32. */
function random(seed: number): () => number {
  let word = seed;
  return () => {
    word = (word + 0x6d2b79f5) | 0;
    let mixed = Math.imul(word ^ (word >>> 15), 1 | word);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function boot(box: Box): void {
  const before = stateOf(box);
  const { slot, reason, write } = decideBoot(box.copies, box.verifies);
  if (write !== undefined) box.copies[write.copy] = { state: write.state, isWritable: true };
  box.running = slot;
  expect(slot !== undefined).toBe(box.verifies.A || box.verifies.B);
  if (slot === undefined) return;
  expect(box.verifies[slot]).toBe(true);
  const isCounted = before !== undefined && before.trial === undefined;
  if (isCounted) expect(write).toBeUndefined();
  // A confirmed slot is left on evidence alone.
  if (isCounted && box.verifies[before.activeSlot])
    expect([slot, reason]).toEqual([before.activeSlot, undefined]);
  if (before?.trial !== undefined && slot === before.activeSlot && write !== undefined) box.tries += 1;
  expect(box.tries).toBeLessThanOrEqual(MAX_TRIES);
}

/** Writes as the agent does, the older copy first; the power may go in between, or tear one. */
function write(box: Box, next: BootState, chance: number): void {
  const newer = box.copies[0].state === stateOf(box) ? 0 : 1;
  const order = [1 - newer, newer] as const;
  for (const [index, copy] of order.entries()) {
    if (chance < 0.1 && index === 0) {
      box.copies[copy] = lost;
      return;
    }
    box.copies[copy] = { state: next, isWritable: true };
    if (chance < 0.2) return;
  }
}

function happen(box: Box, event: Event, chance: number): void {
  const { running } = box;
  if (running === undefined) return;
  const before = stateOf(box);
  const next = nextState(before, running, event, (before?.floor ?? 0) + 1);
  if (next === undefined) return;
  // The agent looks at what it is about to start; and a slot that was written anew is whole.
  if (event === "activate") box.verifies[next.activeSlot] = true;
  else if (!box.verifies[next.activeSlot]) return;
  write(box, next, chance);
  const after = stateOf(box);
  if (before !== undefined) expect(after).toBeDefined();
  if (after !== next) return;
  if (before !== undefined) expect(next.floor).toBeGreaterThanOrEqual(before.floor);
  if (event === "activate") box.tries = 0;
  if (event === "clean reboot") box.tries = Math.max(0, box.tries - 1);
}

describe("a box that lives for long", () => {
  test.each(Array.from({ length: 20 }, (_, seed) => [seed]))("seed %i", (seed) => {
    const next = random(seed);
    const box: Box = {
      ...{
        copies: [
          { state: confirmed, isWritable: true },
          { state: confirmed, isWritable: true },
        ],
      },
      ...{ verifies: { A: true, B: true }, running: "A", tries: 0 },
    };
    for (let step = 0; step < 5000; step++) {
      const chance = next();
      const event = events[Math.floor(next() * events.length)] ?? "start";
      if (chance < 0.45) boot(box);
      else if (chance < 0.93) happen(box, event, next());
      // Rot in a slot, or in a copy of the state; somebody mends it one day.
      else if (chance < 0.95) box.verifies[next() < 0.5 ? "A" : "B"] = false;
      else if (chance < 0.97) box.verifies[next() < 0.5 ? "A" : "B"] = true;
      else {
        box.copies[next() < 0.5 ? 0 : 1] = lost;
        // The other copy may know of one try less.
        box.tries = Math.max(0, box.tries - 1);
      }
    }
  });

  test("never stays on a release that isn't confirmed: the other one is back after three boots", () => {
    const box: Box = {
      ...{
        copies: [
          { state: confirmed, isWritable: true },
          { state: confirmed, isWritable: true },
        ],
      },
      ...{ verifies: { A: true, B: true }, running: "A", tries: 0 },
    };
    happen(box, "activate", 1);
    for (let times = 0; times < 4; times++) boot(box);
    expect(box.running).toBe("A");
  });
});

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
