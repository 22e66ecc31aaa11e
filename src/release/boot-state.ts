// The state of the boot: which slot counts, and how often one on trial may still be tried. It is kept twice on the boot
// partition, as GRUB's environment blocks: written by GRUB in place, and by the agent. Pure.
// Format: GRUB's manual, "Environment block"; grub-core/lib/envblk.c.

export type Slot = "A" | "B";

export function otherSlot(slot: Slot): Slot {
  return slot === "A" ? "B" : "A";
}

/** How often a slot on trial is tried. */
export const MAX_TRIES = 3;

export interface BootState {
  /** Grows with each write of the agent's; GRUB leaves it. At most MAX_GENERATION. */
  readonly generation: number;
  readonly activeSlot: Slot;
  /** Tries that are left, while the slot is on trial. */
  readonly trial?: 0 | 1 | 2 | 3;
  /** The highest sequence of a release that was ever confirmed here. */
  readonly floor: number;
  /** Why it is so, a word of `reasons`. */
  readonly reason: Reason;
}

/** Whether the slot that runs is on trial. */
export function isOnTrial(state: BootState | undefined, running: Slot): boolean {
  return state?.trial !== undefined && state.activeSlot === running;
}

/** Whether the other slot was activated, and waits for its first boot. */
export function isWaiting(state: BootState | undefined, running: Slot): boolean {
  return state?.trial !== undefined && state.activeSlot !== running;
}

/** What leads to a state, for people; those of GRUB are in boot-moves.ts. */
export const reasons = [
  "installed",
  "activated",
  "confirmed",
  "rollback",
  "unhealthy",
  "tries-exhausted",
  "slot-damaged",
  "state-lost",
] as const;

export type Reason = (typeof reasons)[number];

/** In the order in which they stand in a block: the first and the last are equal, so that a tear shows. */
export const variables = [
  "generation",
  "active_slot",
  "boot_counter",
  "boot_success",
  "update_pending",
  "floor",
  "reason",
  "generation_end",
] as const;

export type Variable = (typeof variables)[number];

export const BLOCK_BYTES = 1024;
const HEADER = "# GRUB Environment Block\n";

/** Files of the boot partition, below GRUB's folder. */
export const stateFiles = ["state-1/grubenv", "state-2/grubenv"] as const;

/** A block of 1024 bytes with all variables. */
export function formatBlock(state: BootState): Uint8Array {
  const lines = variables.map((name) => `${name}=${valuesOf(state)[name]}\n`).join("");
  // All of it is ASCII; the agent's runtime has no TextEncoder.
  return Uint8Array.from((HEADER + lines).padEnd(BLOCK_BYTES, "#"), (char) => char.charCodeAt(0));
}

/** The variables of a state, as text. */
export function valuesOf({
  generation,
  activeSlot,
  trial,
  floor,
  reason,
}: BootState): Record<Variable, string> {
  const isOnTrial = trial !== undefined;
  return {
    generation: String(generation),
    active_slot: activeSlot,
    boot_counter: String(trial ?? MAX_TRIES),
    boot_success: isOnTrial ? "0" : "1",
    update_pending: isOnTrial ? "1" : "0",
    floor: String(floor),
    reason,
    generation_end: String(generation),
  };
}

/** Nine digits: GRUB counts in 32 bits. */
export const MAX_GENERATION = 999_999_999;

const NUMBER = /^[0-9]{1,9}$/;

/** The state in a block, or nothing when the block is damaged or contradicts itself. GRUB reads it the same way. */
export function parseBlock(block: Uint8Array): BootState | undefined {
  const text = textOf(block);
  if (!text.startsWith(HEADER)) return undefined;
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  const values = new Map(
    lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]),
  );
  const [generation, slot, counter, success, pending, floor, reason, end] = variables.map(
    (name) => values.get(name) ?? "",
  );
  if (!NUMBER.test(generation ?? "") || generation !== end || !NUMBER.test(floor ?? "")) return undefined;
  if (slot !== "A" && slot !== "B") return undefined;
  const known = reasons.find((each) => each === reason);
  const trial = trials.find((each) => String(each) === counter);
  const isConfirmed = pending === "0" && success === "1" && counter === String(MAX_TRIES);
  const isOnTrial = pending === "1" && success === "0" && trial !== undefined;
  if (known === undefined || !(isConfirmed || isOnTrial)) return undefined;
  return {
    generation: Number(generation),
    activeSlot: slot,
    ...(isOnTrial ? { trial } : {}),
    floor: Number(floor),
    reason: known,
  };
}

/** Room that GRUB needs at the end of a block, more than any value grows by. */
const ROOM_BYTES = 64;

const FILLER = 0x23;
const LINE_END = 0x0a;

/** Whether GRUB can write it in place: what is behind the last line is filled up, and there is room. A torn one isn't. */
export function isWritableBlock(block: Uint8Array): boolean {
  let used = block.length;
  while (used > 0 && block[used - 1] === FILLER) used -= 1;
  const isWholeLine = block[used - 1] === LINE_END;
  return textOf(block).startsWith(HEADER) && isWholeLine && block.length - used >= ROOM_BYTES;
}

function textOf(block: Uint8Array): string {
  return String.fromCharCode(...block);
}

const trials = [0, 1, 2, 3] as const;

/**
 * The newer of two copies. GRUB cannot count generations up; what it writes within one is further on: fewer tries left, and then
 * none on trial. Equal ones are the same.
 */
export function newest(copies: readonly (BootState | undefined)[]): BootState | undefined {
  return copies.reduce((best, copy) => (copy !== undefined && isNewer(copy, best) ? copy : best), undefined);
}

function isNewer(copy: BootState, than: BootState | undefined): boolean {
  if (than === undefined || copy.generation > than.generation) return true;
  return copy.generation === than.generation && progressOf(copy) > progressOf(than);
}

/** How far GRUB has come within a generation, from 0. */
function progressOf({ trial }: BootState): number {
  return trial === undefined ? MAX_TRIES + 1 : MAX_TRIES - trial;
}
