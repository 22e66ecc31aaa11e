import { expect, test } from "vitest";
import type { BootState } from "../../release/boot-state.ts";
import type { Books, HistoryEvent, Note } from "./books.ts";
import { type Boot, settle } from "./settle.ts";

const note: Note = {
  slot: "B",
  version: "1.1.0",
  sequence: 2,
  manifest: "aa",
  source: "/x",
  step: "activated",
  generation: 5,
};
const books = (changed: Partial<Note> | "none" = {}): Books => ({
  ...(changed === "none" ? {} : { note: { ...note, ...changed } }),
  quarantine: [],
  history: [],
});
const happened = (what: HistoryEvent["what"], version: string, slot: "A" | "B"): HistoryEvent => ({
  ...{ atMs: 0, what, version, slot },
});
const state = (changed: Partial<BootState>): BootState => ({
  generation: 5,
  activeSlot: "A",
  floor: 1,
  reason: "confirmed",
  ...changed,
});
const boot = (changed: Partial<Boot>): Boot => ({
  running: "A",
  version: "1.0.0",
  nowMs: 0,
  state: state({}),
  ...changed,
});

test.each<
  [string, Books, Boot, { event?: string; quarantine?: string[]; note?: Note["step"]; flags?: string }]
>([
  ["an ordinary boot", books("none"), boot({}), {}],
  ["what was only written stays", books({ step: "written" }), boot({}), { note: "written" }],
  [
    "the new system is on trial",
    books(),
    boot({
      running: "B",
      version: "1.1.0",
      state: state({ activeSlot: "B", trial: 2, reason: "activated" }),
    }),
    { note: "activated", flags: "trial" },
  ],
  [
    "the power went between the state and the note of its confirmation",
    books(),
    boot({ running: "B", state: state({ activeSlot: "B", generation: 6 }) }),
    { event: "confirmed 1.1.0 B", flags: "confirmed" },
  ],
  [
    "the power went before a way back was noted",
    { ...books("none"), history: [happened("confirmed", "1.1.0", "B")] },
    boot({ state: state({ reason: "rollback" }) }),
    { event: "rolled back 1.1.0 B: rollback" },
  ],
  [
    "the power went before it was noted that a slot has rotted",
    books("none"),
    boot({ running: "B", state: state({ activeSlot: "B", reason: "slot-damaged" }) }),
    { event: "other slot 1.0.0 B: slot-damaged" },
  ],
  [
    "a way back that was noted",
    { ...books("none"), history: [happened("rolled back", "1.1.0", "B")] },
    boot({ state: state({ reason: "rollback" }) }),
    { event: "rolled back 1.1.0 B" },
  ],
  [
    "the power went before the state was written",
    books(),
    boot({ state: state({ generation: 4 }) }),
    { note: "written" },
  ],
  [
    "the power went before it was noted that it was called off",
    books(),
    boot({ state: state({ generation: 6, reason: "confirmed" }) }),
    { note: "written" },
  ],
  [
    "the power went before it was noted that a system on trial was left",
    books(),
    boot({ state: state({ generation: 6, reason: "rollback" }) }),
    { event: "failed 1.1.0 B: rollback", quarantine: ["1.1.0"] },
  ],
  [
    "no try is left",
    books(),
    boot({ reason: "tries-exhausted", state: state({ reason: "tries-exhausted" }) }),
    { event: "failed 1.1.0 B: tries-exhausted", quarantine: ["1.1.0"] },
  ],
  [
    "GRUB could not write that the old one counts",
    books(),
    boot({ reason: "slot-damaged", state: state({ activeSlot: "B", trial: 3, reason: "activated" }) }),
    { event: "failed 1.1.0 B: slot-damaged", quarantine: ["1.1.0"], flags: "takes over" },
  ],
  [
    "the gate has given it up",
    books(),
    boot({ state: state({ generation: 6, reason: "unhealthy" }) }),
    { event: "failed 1.1.0 B: unhealthy", quarantine: ["1.1.0"] },
  ],
  [
    "a confirmed slot has rotted",
    books("none"),
    boot({ running: "B", reason: "slot-damaged" }),
    { event: "other slot 1.0.0 B: slot-damaged", flags: "takes over" },
  ],
  [
    "both copies of the state are lost",
    books("none"),
    boot({ reason: "state-lost", state: undefined }),
    { event: "other slot 1.0.0 A: state-lost", flags: "takes over" },
  ],
  [
    "somebody chose at the machine, in the middle of a trial",
    books(),
    boot({ reason: "chosen", state: state({ activeSlot: "B", trial: 2 }) }),
    { note: "activated" },
  ],
])("%s", (_name, before, now, expected) => {
  const { books: after, isOnTrial, isConfirmed, takesOver } = settle(before, now);
  const event = after.history.at(-1);
  expect({
    event:
      event &&
      `${event.what} ${event.version} ${event.slot}${event.why === undefined ? "" : `: ${event.why}`}`,
    quarantine: after.quarantine,
    note: after.note?.step,
    flags: [isOnTrial ? "trial" : "", isConfirmed ? "confirmed" : "", takesOver ? "takes over" : ""].join(""),
  }).toEqual({ event: undefined, quarantine: [], note: undefined, flags: "", ...expected });
});
