// What several commands, and a boot, change on a box's disk, in the agent's order.
import type { HistoryEvent } from "../../agent/update/books.ts";
import type { Slot } from "../../release/boot-state.ts";
import { type Event, nextState } from "../../release/run-moves.ts";
import { change, type Life, stateOf, writeState } from "./life.ts";

export function writeNext(life: Life, running: Slot, what: Event, sequence = 0): void {
  const next = nextState(stateOf(life), running, what, sequence, life.books.note?.generation);
  if (next !== undefined) writeState(life, next);
}

/** An older copy names the slot as it was, and could bring what is written now to a start untried. */
export function mendCopies(life: Life): void {
  const state = stateOf(life);
  if (state !== undefined && JSON.stringify(life.copies[0]) !== JSON.stringify(life.copies[1]))
    writeState(life, state);
}

export function confirmWriter(life: Life): void {
  const { writer } = life;
  if (writer !== undefined && !writer.isConfirmed)
    change(life, () => {
      life.writer = { ...writer, isConfirmed: true };
    });
}

export function event(life: Life, what: HistoryEvent["what"], slot: Slot): HistoryEvent {
  return { atMs: life.nowMs, what, version: life.slots[slot].release.version, slot };
}
