// What a boot starts, by the state of the boot and by which slots verify: one table, by which the boot loader's script is
// written, too. Pure.
import { type BootState, newest, otherSlot, type Reason, type Slot } from "./boot-state.ts";

/** What a boot finds. `lost`: no copy counts. */
export type Situation = "lost" | "confirmed" | "trial" | "exhausted";

export interface Choice {
  /** Which slot: a fixed one, the state's, or the other one. */
  readonly slot: Slot | "active" | "other";
  /** What is written first: one try less, or that the slot counts from now on. Where that can't be written, this is no choice. */
  readonly writes?: "try" | "settled";
  /** Why it isn't the slot that was meant, for the running system and for the state. */
  readonly reason?: Reason;
}

/** The first choice whose slot verifies is taken. None: rescue. Confirmed slots are never counted, so power cuts cost nothing. */
export const bootMoves: Readonly<Record<Situation, readonly Choice[]>> = {
  lost: [
    { slot: "A", reason: "state-lost" },
    { slot: "B", reason: "state-lost" },
  ],
  confirmed: [{ slot: "active" }, { slot: "other", reason: "slot-damaged" }],
  trial: [
    { slot: "active", writes: "try" },
    { slot: "other", writes: "settled", reason: "slot-damaged" },
    // What can't be counted isn't tried, unless there is nothing else.
    { slot: "other", reason: "slot-damaged" },
    { slot: "active" },
  ],
  exhausted: [
    { slot: "other", writes: "settled", reason: "tries-exhausted" },
    { slot: "other", reason: "tries-exhausted" },
    { slot: "active" },
  ],
};

export interface BootDecision {
  /** None: rescue. */
  readonly slot?: Slot;
  readonly reason?: Reason;
  /** What is written, and into which copy. */
  readonly write?: { readonly copy: 0 | 1; readonly state: BootState };
}

/** A copy of the state as it is on the disk. */
export interface Copy {
  readonly state: BootState | undefined;
  /** It can be written in place: a block that has been torn can't. */
  readonly isWritable: boolean;
}

export function situationOf(state: BootState | undefined): Situation {
  if (state === undefined) return "lost";
  if (state.trial === undefined) return "confirmed";
  return state.trial === 0 ? "exhausted" : "trial";
}

export function decideBoot(
  copies: readonly [Copy, Copy],
  verifies: Readonly<Record<Slot, boolean>>,
): BootDecision {
  const state = newest([copies[0].state, copies[1].state]);
  const copy = chooseCopy(copies, state);
  for (const { slot: which, writes, reason } of bootMoves[situationOf(state)]) {
    const slot = resolveSlot(which, state);
    if (!verifies[slot] || (writes !== undefined && copy === undefined)) continue;
    const told = reason === undefined ? {} : { reason };
    if (writes === undefined || state === undefined || copy === undefined) return { slot, ...told };
    return { slot, ...told, write: { copy, state: written(state, writes, slot, reason) } };
  }
  return {};
}

function resolveSlot(which: Choice["slot"], state: BootState | undefined): Slot {
  if (which === "A" || which === "B" || state === undefined) return which === "B" ? "B" : "A";
  return which === "active" ? state.activeSlot : otherSlot(state.activeSlot);
}

/** The older copy first: a write that is torn then costs the older one. */
function chooseCopy(copies: readonly [Copy, Copy], state: BootState | undefined): 0 | 1 | undefined {
  const current = copies[0].state === state ? 0 : 1;
  const older = current === 0 ? 1 : 0;
  if (copies[older].isWritable) return older;
  return copies[current].isWritable ? current : undefined;
}

function written(state: BootState, writes: "try" | "settled", slot: Slot, reason?: Reason): BootState {
  const { trial, ...rest } = state;
  if (writes === "settled") return { ...rest, activeSlot: slot, reason: reason ?? state.reason };
  return { ...state, trial: trial === 3 ? 2 : trial === 2 ? 1 : 0 };
}
