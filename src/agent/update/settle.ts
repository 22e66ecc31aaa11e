// What a boot tells of the update before it: whether the new system came up, or the old one is back, and why. Pure.
import { type BootState, isOnTrial, type Slot } from "../../release/boot-state.ts";
import type { Books, HistoryEvent } from "./books.ts";
import { withEvent, withoutNote, withQuarantined } from "./books.ts";

export interface Boot {
  readonly running: Slot;
  readonly version: string;
  readonly nowMs: number;
  readonly state: BootState | undefined;
  /** GRUB's word for why it isn't the slot that was meant. */
  readonly reason?: string;
}

export interface Settled {
  readonly books: Books;
  /** The running slot is on trial: it has to show that it is healthy. */
  readonly isOnTrial: boolean;
  /** The state names a slot that can't be started: from now on, the running one counts. */
  readonly takesOver: boolean;
}

export function settle(books: Books, { running, version, nowMs, state, reason }: Boot): Settled {
  const { note } = books;
  // Whoever chose at the machine knows; the next boot is as before.
  if (reason === "chosen") return { books, isOnTrial: false, takesOver: false };
  const isTried = isOnTrial(state, running);
  const takesOver = state === undefined || (state.activeSlot !== running && reason !== undefined);
  const event = (
    what: HistoryEvent["what"],
    of: { version: string; slot: Slot },
    why?: string,
  ): HistoryEvent => ({
    atMs: nowMs,
    what,
    version: of.version,
    slot: of.slot,
    ...(why === undefined ? {} : { why }),
  });
  const outcome = (settled: Books): Settled => ({ books: settled, isOnTrial: isTried, takesOver });

  if (note?.step !== "activated") {
    if (reason === undefined) return outcome(books);
    return outcome(withEvent(books, event("other slot", { version, slot: running }, reason)));
  }
  if (state !== undefined && state.generation < (note.generation ?? 0))
    return outcome({ ...books, note: { ...note, step: "written" } });
  if (isTried) return outcome(books);
  if (running === note.slot) return outcome(withEvent(withoutNote(books), event("confirmed", note)));
  const why = reason ?? state?.reason ?? "state-lost";
  return outcome(withEvent(withQuarantined(withoutNote(books), note.version), event("failed", note, why)));
}
