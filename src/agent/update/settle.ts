// What a boot tells of the update before it: whether the new system came up, or the old one is back, and why. Pure.
import { type BootState, isOnTrial, otherSlot, type Slot } from "../../release/boot-state.ts";
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
  /** The power went before the confirmed system could note that it is. */
  readonly isConfirmed: boolean;
  /** The state names a slot that can't be started: from now on, the running one counts. */
  readonly takesOver: boolean;
}

export function settle(books: Books, boot: Boot): Settled {
  const { running, version, nowMs, state, reason } = boot;
  const { note } = books;
  // Whoever chose at the machine knows; the next boot is as before.
  if (reason === "chosen") return { books, isOnTrial: false, isConfirmed: false, takesOver: false };
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
  const outcome = (settled: Books, isConfirmed = false): Settled => {
    return { books: settled, isOnTrial: isTried, isConfirmed, takesOver };
  };

  if (note?.step !== "activated") {
    const untold = reason === undefined ? findUntold(books, boot) : undefined;
    if (untold !== undefined) return outcome(withEvent(books, event(untold.what, untold.of, untold.why)));
    if (reason === undefined) return outcome(books);
    return outcome(withEvent(books, event("other slot", { version, slot: running }, reason)));
  }
  const isBefore = state !== undefined && state.generation < (note.generation ?? 0);
  const isCalledOff = running !== note.slot && reason === undefined && state?.reason === "confirmed";
  if (isBefore || isCalledOff) return outcome({ ...books, note: { ...note, step: "written" } });
  if (isTried) return outcome(books);
  if (running === note.slot) return outcome(withEvent(withoutNote(books), event("confirmed", note)), true);
  const why = reason ?? state?.reason ?? "state-lost";
  return outcome(withEvent(withQuarantined(withoutNote(books), note.version), event("failed", note, why)));
}

/**
 * A change of the slot that the power kept from being noted: by what happened last, the other one runs. It was told on the kernel's
 * command line once, and the state of the boot still has it.
 */
function findUntold(
  { history }: Books,
  { running, version, state }: Boot,
): { what: HistoryEvent["what"]; of: { version: string; slot: Slot }; why: string } | undefined {
  if (state === undefined || state.activeSlot !== running || state.trial !== undefined) return undefined;
  const last = history.filter(({ what }) => what in RAN_THEN).at(-1);
  // The factory's.
  const ran = last === undefined ? "A" : RAN_THEN[last.what]?.(last.slot);
  if (ran === undefined || ran === running) return undefined;
  const why = state.reason;
  if (why === "slot-damaged" || why === "state-lost")
    return { what: "other slot", of: { version, slot: running }, why };
  if (why !== "rollback") return undefined;
  const left = history.filter(({ slot }) => slot === ran).at(-1);
  if (left === undefined) return { what: "other slot", of: { version, slot: running }, why };
  return { what: "rolled back", of: { version: left.version, slot: ran }, why };
}

/** Which slot ran after such an event of a slot. */
const RAN_THEN: Partial<Record<HistoryEvent["what"], (slot: Slot) => Slot>> = {
  confirmed: (slot) => slot,
  "other slot": (slot) => slot,
  failed: otherSlot,
  "rolled back": otherSlot,
};
